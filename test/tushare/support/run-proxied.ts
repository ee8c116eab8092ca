/** Runs proxied-process.ts, in an environment full of decoys, and gives back what it reports. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { selfSigned } from '../../support/certificate.ts';
import { freshFolder } from '../../support/folder.ts';
import type { Torn } from '../../support/torn.ts';
import type { ProcessWork } from './proxied-process.ts';
import { rows, startServer } from './server.ts';

/** None of these may change anything. */
const DECOYS = {
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  NO_PROXY: '*',
  GLOBAL_AGENT_HTTP_PROXY: 'http://127.0.0.1:1',
  GLOBAL_AGENT_NO_PROXY: '*',
  GLOBAL_AGENT_FORCE_GLOBAL_AGENT: 'false',
};

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects
export type ProxiedReport = any;

/** @param trusted file with the certificate of an https server */
export async function runProxied(t: Torn, work: ProcessWork, trusted?: string): Promise<ProxiedReport> {
  const child = fork(path.join(import.meta.dirname, 'proxied-process.ts'), [JSON.stringify(work)], {
    env: { PATH: process.env.PATH, ...DECOYS, ...(trusted ? { NODE_EXTRA_CA_CERTS: trusted } : {}) },
    execArgv: [],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended without a report (${code})`);
  });
  ended.catch(() => {});
  const [report] = await Promise.race([once(child, 'message'), ended]);
  return report;
}

/** A TuShare, http and https, and the file with the certificate of the latter. */
export async function upstreams(t: Torn) {
  const tls = selfSigned();
  const trusted = path.join(freshFolder(t), 'cert.pem');
  fs.writeFileSync(trusted, tls.cert);
  const answer = rows(['a'], [[1]]);
  const plain = await startServer(t, (_request, response) => response.end(answer));
  const secure = await startServer(t, (_request, response) => response.end(answer), tls);
  return { plain, secure, trusted };
}

export const settingsOf = (api: { url: string }, proxy: { url: string | (() => string) }) => ({
  TUSHARE_API_URL: api.url,
  TUSHARE_PROXY_URL: typeof proxy.url === 'string' ? proxy.url : proxy.url(),
});
