// What an answer means for the calls of others goes back with its permit, once (limits/closures.ts makes of it what it
// should); and a message that nobody knows is logged once.
import { BroadcastChannel } from 'node:worker_threads';
import t from 'tap';
import { unknownMessages } from '../../src/tushare/unknown-messages.ts';
import { makeClient, refusal, rows, startServer, TOKEN } from './support/server.ts';

const BANNED = '抱歉，检测到您存在恶意行为，现已被系统禁用！<100000>';

t.test('rows and refusals are told; what is no answer of TuShare is not', async (t) => {
  const bodies = [
    rows(['a'], [[1]]),
    refusal(40203, BANNED),
    refusal(40204, '您的IP数量超限，最大数量为2个！'),
    refusal(40203, '抱歉，您每小时最多访问该接口1次，权限的具体详情访问：…'),
    refusal(40101, `您的token(${TOKEN})不对，请确认。`),
    '<html>a hotel</html>',
  ];
  const server = await startServer(t, (_request, response) =>
    response.end(bodies[server.requests.length - 1]),
  );
  const { client, ledger } = makeClient(t, server.url);
  for (const _ of bodies) await client.call('daily', {}, []).catch(() => {});
  t.same(ledger.answers, [
    'answered',
    { type: 'tushare_banned', frequency: false, retry_after_ms: null, message: BANNED },
    {
      type: 'tushare_ip_limited',
      frequency: false,
      retry_after_ms: 1_800_000,
      message: '您的IP数量超限，最大数量为2个！',
    },
    {
      type: 'tushare_rate_limited',
      frequency: false,
      retry_after_ms: 3_600_000,
      message: '抱歉，您每小时最多访问该接口1次，权限的具体详情访问：…',
    },
    {
      type: 'tushare_token_invalid',
      frequency: false,
      retry_after_ms: null,
      message: '您的token(***)不对，请确认。',
    },
    undefined,
  ]);
});

t.test('a frequency error is told as one, HTTP 429 as a limit, a dead server as nothing', async (t) => {
  const server = await startServer(t, (request, response) => {
    const turn = server.requests.length;
    if (turn === 1) response.end(refusal(40203, '抱歉，您访问接口(daily)频率超限(500次/分钟)'));
    else if (turn === 2) response.writeHead(429).end();
    else request.socket.resetAndDestroy();
  });
  const { client, ledger } = makeClient(t, server.url);
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stop')), 300);
  await t.rejects(client.call('daily', {}, [], stop.signal), { message: 'stop' });
  await t.rejects(client.call('daily', {}, []), { name: 'TaskError', type: 'tushare_rate_limited' });
  await t.rejects(client.call('daily', {}, []), { name: 'TaskError', type: 'network' });
  t.match(ledger.answers, [
    { type: 'tushare_rate_limited', frequency: true, retry_after_ms: 60_000 },
    { type: 'tushare_rate_limited', frequency: false, retry_after_ms: 60_000 },
    undefined,
  ]);
});

t.test('a message that nobody knows is logged once, whatever numbers it holds', async (t) => {
  const texts = ['新的错误 12', '新的错误 13', '另一个错误', '您的token不对，请确认。'];
  const server = await startServer(t, (_request, response) =>
    response.end(refusal(777, texts[(server.requests.length - 1) % 4] as string)),
  );
  const { client, lines } = makeClient(t, server.url);
  for (let i = 0; i < 8; i += 1) await client.call('daily', {}, []).catch(() => {});
  t.match(
    lines.map(({ msg, level, code, taken_for }) => ({ msg, level, code, taken_for })),
    [
      { msg: /not known yet: 新的错误 12$/, level: 40, code: 777, taken_for: 'tushare_server_error' },
      { msg: /not known yet: 另一个错误$/, level: 40 },
    ],
  );
  t.equal(lines.length, 2);
});

t.test('the threads of a process tell each other, and a flood of texts ends', async (t) => {
  const other = new BroadcastChannel('dayline.unknown-messages');
  t.teardown(() => other.close());
  const heard = new Promise((resolve) => {
    other.onmessage = resolve;
  });
  t.ok(unknownMessages.isNew('said in this thread first'));
  t.match(await heard, { data: 'said in this thread first' });
  const letters = (n: number) =>
    n.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] as string);
  let known = false;
  for (let tries = 0; !known && tries < 50; tries += 1) {
    const text = `said by another thread ${letters(tries)}`;
    other.postMessage(text);
    await new Promise((resolve) => setTimeout(resolve, 1));
    known = !unknownMessages.isNew(text);
  }
  t.ok(known);
  const told = Array.from({ length: 500 }, (_, n) => unknownMessages.isNew(`flood ${letters(n)}`));
  t.ok(told.filter(Boolean).length < 100);
});
