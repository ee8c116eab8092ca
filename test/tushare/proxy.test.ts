// R55–R57: a task's calls go through the proxy, and nothing else does: not the calls after it, not other threads,
// not the main thread; http and process.env are what they were.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { withProxy } from '../../src/tushare/proxy.ts';
import { makeClient, rows, startServer } from './support/server.ts';

const USER = 'user';
const PASSWORD = 'p@ss:w/rd %';

/** A small forward proxy for plain http that insists on its password. */
async function startProxy(t: Test) {
  const forwarded: string[] = [];
  const proxy = http.createServer((request, response) => {
    const given = request.headers['proxy-authorization'];
    if (given !== `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`) {
      response.writeHead(407).end();
      return;
    }
    forwarded.push(request.url ?? '');
    const { method, headers } = request;
    const onward = http.request(request.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => proxy.close());
  const port = (proxy.address() as AddressInfo).port;
  const credentials = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
  return { forwarded, url: `http://${credentials}@127.0.0.1:${port}`, port };
}

async function inThread(proxyUrl: string, apiUrl: string, options: { calls?: number; fail?: boolean } = {}) {
  const worker = new Worker(path.join(import.meta.dirname, 'support/proxied-thread.ts'), {
    workerData: { proxyUrl, apiUrl, calls: options.calls ?? 0, fail: options.fail ?? false },
  });
  const [report] = await once(worker, 'message');
  await worker.terminate();
  return report;
}

t.test('calls go through the proxy, with its password decoded, and directly afterwards', async (t) => {
  const api = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]])));
  const proxy = await startProxy(t);
  const own = [http.get, http.request, http.globalAgent];
  const report = await inThread(proxy.url, api.url, { calls: 3 });

  t.same(report, {
    outcome: [[1]],
    after: [[[1]], [[1]], [[1]]],
    replaced: true,
    restored: true,
    environmentUntouched: true,
  });
  t.same(proxy.forwarded, [`${api.url}/`], 'one call went through the proxy');
  t.equal(api.requests.length, 4);
  const direct = api.requests.slice(1).map(({ socket }) => socket);
  t.equal(new Set(direct).size, 1, 'and the calls after it share one kept-alive connection');
  t.same([http.get, http.request, http.globalAgent], own, 'the main thread is untouched');
  const { client } = makeClient(t, api.url);
  await client.call('daily', {}, []);
  t.equal(proxy.forwarded.length, 1, 'and calls directly');
});

t.test('a task that fails leaves the scope as well', async (t) => {
  const api = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]])));
  const proxy = await startProxy(t);
  const report = await inThread(proxy.url, api.url, { calls: 1, fail: true });
  t.match(report, { outcome: 'the task failed', replaced: true, restored: true, environmentUntouched: true });
  t.same([proxy.forwarded.length, api.requests.length], [1, 2]);
});

t.test('a proxy that is dead or refuses is an error, never a direct call', async (t) => {
  const api = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]])));
  const proxy = await startProxy(t);
  const wrong = await inThread(proxy.url.replace(/\/\/.*@/, '//user:wrongword@'), api.url);
  t.match(wrong.outcome, /HTTP 407/);
  t.notMatch(wrong.outcome, /wrongword/);
  const dead = await inThread('http://user:wrongword@127.0.0.1:1', api.url);
  t.match(dead.outcome, /can't be reached \(ECONNREFUSED\)/);
  t.notMatch(dead.outcome, /wrongword/);
  t.equal(api.requests.length, 0, 'nothing arrived');
});

t.test('a URL that cannot be used is a configuration error, and is not quoted', async (t) => {
  for (const url of [
    'nonsense-secretword',
    'https://u:secretword@127.0.0.1:1',
    'http://u:secretword%zz@127.0.0.1:1',
  ]) {
    const report = await inThread(url, 'http://127.0.0.1:1');
    t.equal(report.outcome, 'TUSHARE_PROXY_URL is not a usable http:// URL.');
  }
});

t.test('a scope is refused where it does not belong, without quoting the URL', async (t) => {
  await t.rejects(
    withProxy('http://127.0.0.1:1', async () => {}),
    { message: /belongs into a worker thread/ },
  );
});
