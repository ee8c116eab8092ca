// Whatever the way to TuShare does, a call ends in time, with a typed error, and gives its permit back once.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import t from 'tap';
import { TaskError, type TaskErrorType } from '../../src/errors.ts';
import { type Handler, makeClient, rows, startServer } from './support/server.ts';

const TIMEOUT_MS = 400;

const FAULTS: { name: string; handle: Handler; type: TaskErrorType; message: RegExp; waits?: true }[] = [
  {
    name: 'silence',
    handle: () => {},
    type: 'network',
    message: /no complete answer within 0.4 s/,
    waits: true,
  },
  {
    name: 'headers and then silence',
    handle: (_request, response) => response.writeHead(200).flushHeaders(),
    type: 'network',
    message: /no complete answer within 0.4 s/,
    waits: true,
  },
  {
    name: 'a body that drips on past the timeout',
    handle: (_request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    },
    type: 'network',
    message: /no complete answer within 0.4 s/,
    waits: true,
  },
  {
    name: 'a reset before the answer',
    handle: (request) => request.socket.resetAndDestroy(),
    type: 'network',
    message: /can't be reached \(ECONNRESET\)/,
  },
  {
    name: 'a reset in the body',
    handle: (request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"code":0', () => request.socket.resetAndDestroy());
    },
    type: 'network',
    message: /cut off \(ECONNRESET\)/,
  },
  {
    name: 'a body that ends early',
    handle: (request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"code":0', () => request.socket.end());
    },
    type: 'network',
    message: /cut off/,
  },
  ...[500, 502, 503, 407].map((status) => ({
    name: `HTTP ${status}`,
    handle: ((_request, response) => response.writeHead(status).end('<html>')) as Handler,
    type: 'network' as const,
    message: new RegExp(`HTTP ${status}`),
  })),
  {
    name: 'HTTP 429',
    handle: (_request, response) => response.writeHead(429).end(),
    type: 'tushare_rate_limited',
    message: /HTTP 429/,
  },
  {
    name: 'a redirect, which is not followed',
    handle: (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    type: 'tushare_bad_answer',
    message: /HTTP 302 instead of 200/,
  },
];

for (const { name, handle, type, message, waits } of FAULTS) {
  t.test(name, async (t) => {
    const server = await startServer(t, handle);
    const { client, ledger } = makeClient(t, server.url, TIMEOUT_MS);
    const began = performance.now();
    const error = await client.call('daily', {}, ['a']).then(
      () => t.fail('no error'),
      (error) => error,
    );
    const took = performance.now() - began;
    t.ok(error instanceof TaskError);
    t.equal(error.type, type);
    t.match(error.message, message);
    t.match(error.message, /^daily: /, 'says which API');
    if (waits) t.ok(took >= TIMEOUT_MS - 2, `not before the timeout (${took.toFixed(0)} ms)`);
    t.same(
      [server.requests.length, ledger.taken, ledger.used],
      [1, 1, 1],
      'tried once, one permit, given back',
    );
  });
}

t.test('nobody listens', async (t) => {
  const free = net.createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const { client, ledger } = makeClient(t, `http://127.0.0.1:${port}`, TIMEOUT_MS);
  await t.rejects(client.call('daily', {}, ['a']), { type: 'network', message: /ECONNREFUSED/ });
  t.same([ledger.taken, ledger.used], [1, 1]);
});

t.test('an aborted call ends at once with the reason, and gives its permit back', async (t) => {
  const abort = new AbortController();
  const server = await startServer(t, () => abort.abort(new Error('shutting down')));
  const { client, ledger } = makeClient(t, server.url);
  await t.rejects(client.call('daily', {}, ['a'], abort.signal), { message: 'shutting down' });
  t.same([ledger.taken, ledger.used], [1, 1]);
});

t.test(
  'a kept-alive connection that was closed under us is tried once more, with a permit of its own',
  async (t) => {
    let calls = 0;
    const server = await startServer(t, (request, response) => {
      calls += 1;
      if (calls === 2) request.socket.resetAndDestroy();
      else response.end(rows(['a'], [[calls]]));
    });
    const { client, ledger } = makeClient(t, server.url);
    await client.call('daily', {}, ['a']);
    t.same(
      (await client.call('daily', {}, ['a'])).items,
      [[3]],
      'the second call succeeds at its second try',
    );
    t.same([ledger.taken, ledger.used], [3, 3]);
  },
);

t.test('but only once', async (t) => {
  let calls = 0;
  const server = await startServer(t, (request, response) => {
    calls += 1;
    if (calls > 1) request.socket.resetAndDestroy();
    else response.end(rows(['a'], [[1]]));
  });
  const { client, ledger } = makeClient(t, server.url);
  await client.call('daily', {}, ['a']);
  await t.rejects(client.call('daily', {}, ['a']), { message: /can't be reached/ });
  t.same([server.requests.length, ledger.taken, ledger.used], [3, 3, 3]);
});
