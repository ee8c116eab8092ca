// Answers are not trusted: what doesn't fit the protocol is a typed error, never an empty success.
import t from 'tap';
import { makeClient, rows, startServer } from './support/server.ts';

const BAD: Record<string, string> = {
  empty: '',
  'not JSON': '{"code":0,"data":',
  HTML: '<html><body>502 Bad Gateway</body></html>',
  'NaN, which JSON does not have': '{"code":0,"data":{"fields":["a"],"items":[[NaN]]}}',
  null: 'null',
  'a list': '[]',
  'a string': '"ok"',
  'no code': '{"data":{"fields":["a"],"items":[]}}',
  'code null': '{"code":null,"msg":"","data":{"fields":["a"],"items":[]}}',
  'code as text': '{"code":"0","msg":"","data":{"fields":["a"],"items":[]}}',
  'code 0 and data null': '{"code":0,"msg":"","data":null}',
  'code 0 and no data': '{"code":0,"msg":""}',
  'code 0 and data a list': '{"code":0,"data":[]}',
  'no fields': '{"code":0,"data":{"items":[]}}',
  'fields null': '{"code":0,"data":{"fields":null,"items":[]}}',
  'fields empty': '{"code":0,"data":{"fields":[],"items":[]}}',
  'fields a string': '{"code":0,"data":{"fields":"a,b","items":[]}}',
  'fields not names': '{"code":0,"data":{"fields":[1],"items":[[1]]}}',
  'a column twice': rows(['a', 'a'], [[1, 2]]),
  'no items': '{"code":0,"data":{"fields":["a"]}}',
  'items null': '{"code":0,"data":{"fields":["a"],"items":null}}',
  'items an object': '{"code":0,"data":{"fields":["a"],"items":{}}}',
  'a row that is no list': rows(['a'], [{ a: 1 } as never]),
  'a short row': rows(['a', 'b'], [[1, 2], [1]]),
  'a long row': rows(['a', 'b'], [[1, 2, 3]]),
  'has_more without a row': rows(['a'], [], { has_more: true }),
  'has_more as text': rows(['a'], [[1]], { has_more: 'true' }),
};

for (const [name, body] of Object.entries(BAD)) {
  t.test(name, async (t) => {
    const server = await startServer(t, (_request, response) => response.end(body));
    const { client, ledger } = makeClient(t, server.url);
    await t.rejects(client.call('daily', {}, []), {
      name: 'TaskError',
      type: 'tushare_bad_answer',
      message: /^daily: TuShare's answer can't be used/,
    });
    t.same([ledger.taken, ledger.used], [1, 1], 'not retried here');
  });
}

t.test('bytes that are no UTF-8 are not turned into other words', async (t) => {
  const gbk = Buffer.concat([
    Buffer.from('{"code":0,"msg":"'),
    Buffer.from([0xc6, 0xbd, 0xb0, 0xb2]),
    Buffer.from('"}'),
  ]);
  const server = await startServer(t, (_request, response) => response.end(gbk));
  const { client } = makeClient(t, server.url);
  await t.rejects(client.call('daily', {}, []), { type: 'tushare_bad_answer', message: /not JSON/ });
});

t.test('what the protocol allows is read: no has_more, has_more null, other keys', async (t) => {
  for (const more of [{ has_more: undefined }, { has_more: null }, { count: 0, detail: null }]) {
    const server = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]], more)));
    const { client } = makeClient(t, server.url);
    t.same(await client.call('daily', {}, []), { fields: ['a'], items: [[1]], has_more: false });
  }
});
