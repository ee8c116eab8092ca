import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { makeClient, rows, startServer, TOKEN } from './support/server.ts';

t.test('a call is the request of the protocol, and its rows come in the order of the answer', async (t) => {
  const server = await startServer(t, (_request, response) =>
    response.end(
      rows(['trade_date', 'ts_code', 'close'], [['20190102', '000001.SZ', null]], { has_more: true }),
    ),
  );
  const { client, ledger } = makeClient(t, server.url);
  const answer = await client.call('daily', { trade_date: '20190102' }, ['ts_code', 'trade_date', 'close']);

  t.same(answer, {
    fields: ['trade_date', 'ts_code', 'close'],
    items: [['20190102', '000001.SZ', null]],
    has_more: true,
  });
  t.same(JSON.parse(server.requests[0]?.body ?? ''), {
    api_name: 'daily',
    token: TOKEN,
    params: { trade_date: '20190102' },
    fields: 'ts_code,trade_date,close',
  });
  t.equal(server.requests[0]?.headers['content-type'], 'application/json');
  t.equal(server.requests[0]?.headers['accept-encoding'], 'gzip');
  t.same([ledger.taken, ledger.used], [1, 1], 'one permit, given back');
});

t.test('the address is https unless a setting says otherwise', async (t) => {
  t.equal(loadConfig({}).TUSHARE_API_URL, 'https://api.tushare.pro');
  t.equal(loadConfig({ TUSHARE_API_URL: 'http://127.0.0.1:1' }).TUSHARE_API_URL, 'http://127.0.0.1:1');
});

t.test('connections are kept alive', async (t) => {
  const server = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]])));
  const { client } = makeClient(t, server.url);
  for (let i = 0; i < 5; i += 1) await client.call('daily', {}, ['a']);
  t.equal(new Set(server.requests.map(({ socket }) => socket)).size, 1, 'five calls on one connection');
});

t.test('no rows with fields is an empty answer', async (t) => {
  const server = await startServer(t, (_request, response) => response.end(rows(['a'], [])));
  const { client } = makeClient(t, server.url);
  t.same(await client.call('daily', {}, ['a']), { fields: ['a'], items: [], has_more: false });
});

t.test('a URL that is none is a configuration error', async (t) => {
  for (const url of ['', 'api.tushare.pro', 'ftp://secret:word@host/'])
    t.throws(() => makeClient(t, url), { type: 'config_missing', message: /^TUSHARE_API_URL is not/ });
});
