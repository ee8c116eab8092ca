// A proxy that is dead, refuses or talks nonsense is an error that names it, and never a silent direct call.
import { once } from 'node:events';
import fs from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { selfSigned } from '../support/certificate.ts';
import { freshFolder } from '../support/folder.ts';
import { forwardProxy } from '../support/forward-proxy.ts';
import { runProxied, settingsOf, upstreams } from './support/run-proxied.ts';

/** What a call in a thread of its own ends with, and whether the thread's http is as it was. */
async function callInThread(
  t: Test,
  api: string,
  proxy: string,
): Promise<{ outcome: string; restored: boolean }> {
  const settings = { TUSHARE_API_URL: api, TUSHARE_PROXY_URL: proxy, TUSHARE_HTTP_TIMEOUT_SECONDS: '3' };
  const file = path.join(import.meta.dirname, 'support/proxied-thread.ts');
  const thread = new Worker(file, { workerData: { settings } });
  t.teardown(() => thread.terminate());
  const [report] = await once(thread, 'message');
  return report;
}

t.test('for http and https alike', async (t) => {
  const { plain, secure } = await upstreams(t);
  const proxy = await forwardProxy(t);
  for (const { url } of [plain, secure]) {
    const dead = await callInThread(t, url, 'http://user:wrongword@127.0.0.1:1');
    t.match(dead.outcome, /proxy 127\.0\.0\.1:1\b.*ECONNREFUSED/, 'nobody listens');
    for (const proxyUrl of [proxy.url('user', 'wrongword'), `http://127.0.0.1:${proxy.port}`]) {
      const refused = await callInThread(t, url, proxyUrl);
      t.equal(
        refused.outcome,
        `daily: the proxy 127.0.0.1:${proxy.port} wants another user or password (HTTP 407).`,
      );
      t.ok(refused.restored);
    }
  }
  t.equal(proxy.refused, 4);
  t.equal(plain.requests.length + secure.requests.length, 0, 'nothing arrived');
});

/** What the proxy says to CONNECT, and what the call ends with. */
const ANSWERS: [string, (socket: Socket) => void, RegExp][] = [
  ['silence', () => {}, /(through the proxy \S+ within|the proxy \S+ said nothing within) 3 s/],
  ['it hangs up', (socket) => socket.end(), /the proxy \S+ closed the connection without an answer/],
  ['it resets', (socket) => socket.resetAndDestroy(), /the proxy \S+ can't be reached \(ECONNRESET\)/],
  ['nonsense', (socket) => socket.end('hello\r\n\r\n'), /the proxy \S+ does not answer as a proxy does/],
  ['an endless head', (socket) => socket.write('x'.repeat(40_000)), /does not answer as a proxy does/],
  [
    'a refusal',
    (socket) => socket.end('HTTP/1.1 503 secretword\r\n\r\n'),
    /refused 127\.0\.0\.1:\d+ \(HTTP 503\)/,
  ],
  [
    'no TLS behind it',
    (socket) => socket.end('HTTP/1.1 200 ok\r\n\r\nnot TLS at all'),
    /reached through the proxy/,
  ],
];

t.test('whatever it says to CONNECT', async (t) => {
  const { secure } = await upstreams(t);
  const calls = ANSWERS.map(async ([name, answer, message]) => {
    const proxy = await forwardProxy(t, answer);
    const { outcome, restored } = await callInThread(t, secure.url, proxy.url());
    t.match(outcome, message, name);
    t.match(outcome, `127.0.0.1:${proxy.port}`, 'names host and port');
    t.notMatch(outcome, /secretword|us er|p@ss/);
    t.ok(restored);
  });
  await Promise.all(calls);
  t.equal(secure.requests.length, 0, 'nothing arrived');
});

t.test('a server whose certificate nobody trusts is refused behind a proxy too', async (t) => {
  const { secure } = await upstreams(t);
  const trusted = path.join(freshFolder(t), 'other.pem');
  fs.writeFileSync(trusted, selfSigned().cert);
  const proxy = await forwardProxy(t);
  const report = await runProxied(t, { settings: settingsOf(secure, proxy) }, trusted);
  t.match(report.outcome, /can't be reached through the proxy \S+ \(.*(CERT|SIGN)/);
  t.equal(secure.requests.length, 0);
});
