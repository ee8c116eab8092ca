/**
 * A proxy for the TuShare calls of one task, and for nothing else (D27, R55–R57): global-agent is installed in the
 * task's worker thread when the run begins, and http and https are put back exactly as they were when it ends,
 * however. Requests of the task to other hosts go out directly.
 *
 * Never in the main thread, where it would catch everybody's calls; never twice at a time in one thread, where
 * two scopes would put each other's changes back. process.env is neither written nor asked: the proxy is told to
 * global-agent's controller directly, and its switches are set here.
 */
import http from 'node:http';
import https from 'node:https';
import net, { type Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { createGlobalProxyAgent } from 'global-agent';
import type { ProxyAddress, ProxyScope } from './proxy-address.ts';
import { openTunnel, type TunnelTarget } from './proxy-tunnel.ts';

/** The variables of this namespace are not set anywhere: global-agent must take nothing from the environment. */
const NO_ENVIRONMENT = 'DAYLINE_TAKES_NO_PROXY_FROM_THE_ENVIRONMENT_';

let open = false;

/**
 * Runs a task with its calls to one host through a proxy; a dead proxy is an error, never a direct call. While it
 * runs, connections are not kept alive; afterwards they are again, and every connection that it made is closed.
 * @throws Error in the main thread or inside another scope
 */
export async function withProxy<T>(scope: ProxyScope, run: () => Promise<T>): Promise<T> {
  if (isMainThread) throw new Error('A proxy scope belongs into a worker thread.');
  if (open) throw new Error('This thread is already inside a proxy scope.');
  const { get, request, globalAgent } = http;
  const secure = { get: https.get, request: https.request, globalAgent: https.globalAgent };
  const sockets = new Sockets();
  open = true;
  try {
    const controller = createGlobalProxyAgent({
      environmentVariableNamespace: NO_ENVIRONMENT,
      forceGlobalAgent: true,
    });
    controller.HTTP_PROXY = `http://${scope.proxy.name}`;
    for (const agent of [http.globalAgent, https.globalAgent] as unknown[])
      direct(agent as ProxyAgent, scope, sockets);
    return await run();
  } finally {
    Object.assign(http, { get, request, globalAgent });
    Object.assign(https, secure);
    sockets.close();
    open = false;
  }
}

/** The parts of global-agent's agents that are replaced; see docs/dependencies.md for what is wrong with them. */
interface ProxyAgent {
  protocol: string;
  mustUrlUseProxy(url: string): boolean;
  getUrlProxy(url: string): ProxyAddress;
  createConnection(target: TunnelTarget, done: (error: Error | null, socket?: Socket) => void): void;
}

function direct(agent: ProxyAgent, { proxy, host, timeoutMs }: ProxyScope, sockets: Sockets): void {
  const parts = [agent.mustUrlUseProxy, agent.getUrlProxy, agent.createConnection];
  if (parts.some((part) => typeof part !== 'function'))
    throw new Error('The installed global-agent is not the one that is patched.');
  agent.mustUrlUseProxy = (url) => new URL(url).hostname === host;
  agent.getUrlProxy = () => proxy;
  agent.createConnection = (target, done) => {
    if (agent.protocol === 'http:') return done(null, sockets.own(net.connect(proxy.port, proxy.hostname)));
    openTunnel(target, timeoutMs).then((socket) => done(null, sockets.own(socket)), done);
  };
}

/** The connections of a scope. One whose request has been given up meanwhile belongs to nobody else. */
class Sockets {
  #open = new Set<Socket>();
  #closed = false;

  own(socket: Socket): Socket {
    if (this.#closed) return socket.destroy();
    this.#open.add(socket);
    return socket.once('close', () => this.#open.delete(socket));
  }

  close(): void {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy();
  }
}
