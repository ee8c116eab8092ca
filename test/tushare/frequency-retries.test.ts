// R84–R86: waits 3, 6 and 12 s with a WARNING each, four calls in all, then the original error. Takes 21 s.
import t from 'tap';
import { makeClient, refusal, rows, startServer } from './support/server.ts';

const OLD_WORDING =
  '抱歉，您每分钟最多访问该接口200次，权限的具体详情访问：https://tushare.pro/document/1?doc_id=108。';
const NEW_WORDING =
  '抱歉，您访问接口(daily)频率超限(500次/分钟)，具体频次详情：https://tushare.pro/document/1?doc_id=108。';

t.test(
  'a frequency error is retried after 3, 6 and 12 s, each with a permit, then it is thrown',
  async (t) => {
    let calls = 0;
    const server = await startServer(t, (_request, response) => {
      calls += 1;
      response.end(refusal(40203, calls === 1 ? OLD_WORDING : NEW_WORDING));
    });
    const { client, ledger, lines } = makeClient(t, server.url);
    await t.rejects(
      client.call('daily', {}, []),
      {
        type: 'tushare_rate_limited',
        retryAfterMs: 60_000,
        message: `daily: TuShare refused it: ${OLD_WORDING} (code 40203)`,
      },
      'the original error',
    );

    const at = server.requests.map((request) => request.at);
    const pauses = at.slice(1).map((moment, i) => Math.round((moment - (at[i] ?? 0)) / 1000));
    t.same(pauses, [3, 6, 12]);
    t.same([ledger.taken, ledger.used], [4, 4], 'every attempt has its permit');
    t.same(
      lines.map(({ level, pause_seconds }) => [level, pause_seconds]),
      [
        [40, 3],
        [40, 6],
        [40, 12],
      ],
      'a WARNING each',
    );
  },
);

t.test('a retry that succeeds is the answer', async (t) => {
  let calls = 0;
  const server = await startServer(t, (_request, response) => {
    calls += 1;
    response.end(calls === 1 ? refusal(40203, NEW_WORDING) : rows(['a'], [[1]]));
  });
  const { client } = makeClient(t, server.url);
  t.same((await client.call('daily', {}, [])).items, [[1]]);
});

t.test('another error at a retry is thrown at once', async (t) => {
  let calls = 0;
  const server = await startServer(t, (_request, response) => {
    calls += 1;
    response.end(calls === 1 ? refusal(40203, OLD_WORDING) : refusal(40101, '您的token不对，请确认。'));
  });
  const { client } = makeClient(t, server.url);
  await t.rejects(client.call('daily', {}, []), { name: 'TaskError', type: 'tushare_token_invalid' });
  t.equal(server.requests.length, 2);
});

t.test('a pause ends when the call is aborted', async (t) => {
  const server = await startServer(t, (_request, response) => response.end(refusal(40203, OLD_WORDING)));
  const { client, lines } = makeClient(t, server.url);
  const abort = new AbortController();
  const call = client.call('daily', {}, [], abort.signal);
  call.catch(() => {});
  while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const began = performance.now();
  abort.abort(new Error('shutting down'));
  await t.rejects(call, { message: 'shutting down' });
  t.ok(performance.now() - began < 1_000, 'it did not wait the pause out');
});
