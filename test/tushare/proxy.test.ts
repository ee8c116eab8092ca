// R55–R57: a task's calls to TuShare go through the proxy, and nothing else does: not its other requests, not the
// calls after it, not other threads, not the main thread; http, https and process.env are what they were.
import t from 'tap';
import { withProxy } from '../../src/tushare/proxy.ts';
import { isExempt, proxyAddress, proxyScope } from '../../src/tushare/proxy-address.ts';
import { forwardProxy, PROXY_PASSWORD } from '../support/forward-proxy.ts';
import { startTinyproxy, TINYPROXY_PASSWORD } from '../support/tinyproxy.ts';
import { runProxied, settingsOf, upstreams } from './support/run-proxied.ts';
import { startServer } from './support/server.ts';

const UNTOUCHED = { main: true, bystander: true };
const INSIDE = { inside: true, replaced: true, environmentUntouched: true, others: UNTOUCHED };
const WELL = { inside: INSIDE, othersAfter: UNTOUCHED, restored: true, environmentUntouched: true };

t.test('calls go through the proxy, with its password decoded, and directly afterwards', async (t) => {
  const { plain, secure, trusted } = await upstreams(t);
  for (const [api, target] of [
    [plain, `${plain.url}/`],
    [secure, `CONNECT ${new URL(secure.url).host}`],
  ] as const) {
    const proxy = await forwardProxy(t);
    const report = await runProxied(t, { settings: settingsOf(api, proxy), callsAfter: 3 }, trusted);
    t.same(report, { ...WELL, outcome: [[1]], after: [[[1]], [[1]], [[1]]] }, target);
    t.same(proxy.forwarded, [target], 'one call went through the proxy');
    t.equal(
      api.requests.length,
      8,
      'and it, two of the main thread, two of the bystander, three after it arrived',
    );
    const after = new Set(api.requests.slice(3, 6).map(({ socket }) => socket));
    t.equal(after.size, 1, 'those after it on one connection: kept alive again');
  }
});

t.test('a real proxy (tinyproxy) carries http and https, and is told its password', async (t) => {
  const { plain, secure, trusted } = await upstreams(t);
  const proxy = await startTinyproxy(t);
  for (const api of [plain, secure]) {
    const report = await runProxied(t, { settings: settingsOf(api, proxy), callsAfter: 2 }, trusted);
    t.match(report, { ...WELL, outcome: [[1]], after: [[[1]], [[1]]] });
  }
  t.match(proxy.log(), `POST ${plain.url}/ HTTP/1.1`, 'an absolute URI for http');
  t.match(proxy.log(), `CONNECT ${new URL(secure.url).host} HTTP/1.1`, 'a tunnel for https');
  t.equal(proxy.log().match(/Request \(file/g)?.length, 2, 'and nothing else');
  for (const api of [plain, secure]) {
    const wrong = { url: proxy.url.replace('tiny-', 'wrong-') };
    const report = await runProxied(t, { settings: settingsOf(api, wrong) }, trusted);
    t.equal(
      report.outcome,
      `daily: the proxy 127.0.0.1:${proxy.port} wants another user or password (HTTP 401).`,
    );
  }
});

t.test('a task that fails leaves the scope as well', async (t) => {
  const { plain } = await upstreams(t);
  const proxy = await forwardProxy(t);
  const report = await runProxied(t, { settings: settingsOf(plain, proxy), callsAfter: 1, fail: true });
  t.same(report, { ...WELL, outcome: 'the task failed', after: [[[1]]] });
  t.equal(proxy.forwarded.length, 1);
});

t.test('a thread that is killed inside its scope leaves everybody else as they were', async (t) => {
  const { plain } = await upstreams(t);
  const proxy = await forwardProxy(t);
  const report = await runProxied(t, { settings: settingsOf(plain, proxy), kill: true });
  t.same(report, { inside: INSIDE, othersAfter: UNTOUCHED });
  t.equal(proxy.forwarded.length, 1, 'the calls of the others went out directly');
});

t.test('other hosts are asked directly (R55)', async (t) => {
  const { plain } = await upstreams(t);
  const proxy = await forwardProxy(t);
  const other = await startServer(t, (_request, response) => response.end('ok'));
  const otherUrl = other.url.replace('127.0.0.1', 'localhost');
  await runProxied(t, { settings: settingsOf(plain, proxy), otherUrl });
  t.same(proxy.forwarded, [`${plain.url}/`]);
  t.equal(other.requests.length, 1);
});

t.test('what NO_PROXY names is called directly, and no scope is opened', async (t) => {
  const { plain } = await upstreams(t);
  const proxy = await forwardProxy(t);
  const settings = { ...settingsOf(plain, proxy), NO_PROXY: 'localhost, 127.0.0.1' };
  const report = await runProxied(t, { settings });
  t.match(report, { outcome: [[1]], restored: true, inside: { replaced: false } });
  t.same(proxy.forwarded, []);
});

t.test('NO_PROXY: hosts, domains, ports, everybody', async (t) => {
  const exempt = (noProxy: string, url = 'https://api.tushare.pro') => isExempt(new URL(url), noProxy);
  for (const entry of [
    'api.tushare.pro',
    'tushare.pro',
    '.tushare.pro',
    '*.tushare.pro',
    '*',
    'API.TuShare.pro:443',
  ])
    t.ok(exempt(`localhost, ${entry}`), entry);
  for (const entry of [
    '',
    'localhost',
    'share.pro',
    'api.tushare.pro:80',
    'xapi.tushare.pro',
    '10.0.0.0/8',
    ',;',
  ])
    t.notOk(exempt(entry), entry || '(empty)');
  t.ok(exempt('[::1]', 'http://[::1]:8080'));
});

t.test('a URL that cannot be used is a configuration error, and is not quoted', async (t) => {
  for (const url of [
    'nonsense-secretword',
    'https://u:secretword@127.0.0.1:1',
    'http://u:secretword%zz@127.0.0.1:1',
    'http://u:secretword@127.0.0.1:1/path',
    'socks5://u:secretword@127.0.0.1:1',
  ])
    t.throws(() => proxyAddress(url), {
      type: 'config_missing',
      message: 'TUSHARE_PROXY_URL is not a usable http:// URL.',
    });
  t.match(proxyAddress('http://only%20user@[::1]:3128'), {
    authorization: 'only user:',
    hostname: '::1',
    name: '[::1]:3128',
  });
  t.match(proxyAddress('http://proxy'), { authorization: null, port: 80, name: 'proxy:80' });
});

t.test('a scope is refused in the main thread', async (t) => {
  const settings = { TUSHARE_API_URL: 'http://127.0.0.1:2', NO_PROXY: '', TUSHARE_HTTP_TIMEOUT_SECONDS: 1 };
  const scope = proxyScope({ TUSHARE_PROXY_URL: 'http://127.0.0.1:1', ...settings });
  t.ok(scope);
  if (scope)
    await t.rejects(
      withProxy(scope, async () => {}),
      { message: /belongs into a worker thread/ },
    );
});

t.test('the passwords of these tests hold what a URL has to encode', async (t) => {
  t.ok(/[@:/% "]/.test(PROXY_PASSWORD));
  t.ok(TINYPROXY_PASSWORD.length > 0);
});
