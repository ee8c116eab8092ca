/**
 * A proxy for the calls of one task, and for nothing else (D27, R55–R57): global-agent is installed in the task's
 * worker thread when the run begins, and http and https are put back exactly as they were when it ends, however.
 *
 * Never in the main thread, where it would catch everybody's calls; never twice at a time in one thread, where
 * two scopes would put each other's changes back. process.env is not touched: the proxy is told to global-agent's
 * controller directly.
 */
import http from 'node:http';
import https from 'node:https';
import { isMainThread } from 'node:worker_threads';
import { createGlobalProxyAgent } from 'global-agent';
import { TaskError } from '../errors.ts';

/** The variables of this namespace are not set anywhere: global-agent must take nothing from the environment. */
const NO_ENVIRONMENT = 'DAYLINE_TAKES_NO_PROXY_FROM_THE_ENVIRONMENT_';

let open = false;

/**
 * Runs a task with all its http and https calls through a proxy; a dead proxy is an error, never a direct call.
 * While it runs, connections are not kept alive; afterwards they are again.
 * @param url http:// URL of the proxy; user and password percent-encoded, as in every URL
 * @throws TaskError config_missing for a URL that can't be used (it is not quoted); Error in the main thread or
 * inside another scope
 */
export async function withProxy<T>(url: string, run: () => Promise<T>): Promise<T> {
  if (isMainThread) throw new Error('A proxy scope belongs into a worker thread.');
  if (open) throw new Error('This thread is already inside a proxy scope.');
  if (!isUsable(url)) throw new TaskError('config_missing', 'TUSHARE_PROXY_URL is not a usable http:// URL.');
  const { get, request, globalAgent } = http;
  const secure = { get: https.get, request: https.request, globalAgent: https.globalAgent };
  open = true;
  try {
    const controller = createGlobalProxyAgent({ environmentVariableNamespace: NO_ENVIRONMENT });
    controller.HTTP_PROXY = url;
    for (const agent of [http.globalAgent, https.globalAgent])
      decodeCredentials(agent as unknown as ProxyAgent);
    return await run();
  } finally {
    Object.assign(http, { get, request, globalAgent });
    Object.assign(https, secure);
    open = false;
  }
}

function isUsable(url: string): boolean {
  try {
    const { protocol, username, password } = new URL(url);
    decodeURIComponent(username + password);
    return protocol === 'http:';
  } catch {
    return false; // no URL, or a percent sign that encodes nothing
  }
}

interface ProxyAgent {
  getUrlProxy(url: string): { authorization: string | null; hostname: string; port: number };
}

/** global-agent 4.1.3 sends user and password as they stand in the URL, still percent-encoded: p%40ss → 407. */
function decodeCredentials(agent: ProxyAgent): void {
  const encoded = agent.getUrlProxy;
  if (typeof encoded !== 'function')
    throw new Error('The installed global-agent is not the one that is patched.');
  agent.getUrlProxy = (url) => {
    const proxy = encoded(url);
    return { ...proxy, authorization: proxy.authorization && decodeURIComponent(proxy.authorization) };
  };
}
