// Bodies are decoded as they say they are encoded, and bounded as sent and as decoded.
import zlib from 'node:zlib';
import t from 'tap';
import { MAX_BODY_BYTES } from '../../src/tushare/body.ts';
import { type Handler, makeClient, rows, startServer } from './support/server.ts';

const ANSWER = Buffer.from(rows(['ts_code', 'name'], [['000001.SZ', '平安银行']]));

const encoded =
  (encoding: string, body: Buffer): Handler =>
  (_request, response) =>
    response.writeHead(200, { 'content-encoding': encoding }).end(body);

for (const [encoding, body] of [
  ['gzip', zlib.gzipSync(ANSWER)],
  ['deflate', zlib.deflateSync(ANSWER)],
  ['br', zlib.brotliCompressSync(ANSWER)],
  ['identity', ANSWER],
] as const) {
  t.test(`${encoding} is read`, async (t) => {
    const server = await startServer(t, encoded(encoding, body));
    const { client } = makeClient(t, server.url);
    t.same((await client.call('stock_basic', {}, [])).items, [['000001.SZ', '平安银行']]);
  });
}

for (const [name, handle] of [
  ['gzip that is none', encoded('gzip', ANSWER)],
  ['br that is none', encoded('br', ANSWER)],
  ['gzip that ends early', encoded('gzip', zlib.gzipSync(ANSWER).subarray(0, 40))],
  ['an encoding nobody asked for', encoded('zstd', ANSWER)],
] as const) {
  t.test(`${name} is a bad answer`, async (t) => {
    const server = await startServer(t, handle);
    const { client, ledger } = makeClient(t, server.url);
    await t.rejects(client.call('daily', {}, []), { name: 'TaskError', type: 'tushare_bad_answer' });
    t.same([ledger.taken, ledger.used], [1, 1]);
  });
}

t.test('a server that never stops sending is cut off', async (t) => {
  let sent = 0;
  const mb = Buffer.alloc(1024 * 1024, ' ');
  const server = await startServer(t, (_request, response) => {
    const more = () => {
      for (let room = true; room && !response.destroyed; sent += 1) room = response.write(mb);
    };
    response.on('drain', more);
    more();
  });
  const { client } = makeClient(t, server.url, 20_000);
  await t.rejects(client.call('daily', {}, []), { type: 'tushare_bad_answer', message: /more than 64 MB/ });
  t.ok(sent >= 32, 'it was read up to the bound');
});

t.test('a small body that unpacks to a huge one is cut off', async (t) => {
  const bomb = zlib.gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1, ' '), { level: 9 });
  const server = await startServer(t, encoded('gzip', bomb));
  const { client } = makeClient(t, server.url, 20_000);
  await t.rejects(client.call('daily', {}, []), { type: 'tushare_bad_answer', message: /more than 64 MB/ });
});
