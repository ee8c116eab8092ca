import t from 'tap';
import { ServerWindow } from '../../src/simulator/rate-limit.ts';
import { freshSimulator } from '../support/simulator.ts';

t.test('calls over the limit are refused, per token and API; failed and empty calls count', async (t) => {
  const { call, url } = await freshSimulator(t, { perMinuteLimit: { '*': 3, trade_cal: 1 } });
  t.equal((await call('daily', { trade_date: '20190102' })).code, 0);
  t.equal((await call('daily', { trade_date: '20190105' })).code, 0, 'an empty answer');
  t.equal((await call('daily', { offset: 100_001 })).code, 50101, 'a failed one');
  t.match(await call('daily', { trade_date: '20190102' }), {
    code: 40203,
    data: null,
    msg: '抱歉，您访问接口(daily)频率超限(3次/分钟)，具体频次详情：https://tushare.pro/document/1?doc_id=108。',
  });
  t.equal((await call('stock_basic')).code, 0, 'another API has its own count');
  t.equal((await call('daily', {}, '', 'other-token')).code, 0, 'another token too');
  t.equal((await call('trade_cal')).code, 0);
  t.equal((await call('trade_cal')).code, 40203, 'the limit of its own holds');

  const post = (per_minute: unknown) =>
    fetch(`${url}/_control/limit`, { method: 'POST', body: JSON.stringify({ per_minute }) });
  t.equal((await post(0)).status, 200);
  t.equal((await call('trade_cal')).code, 0, 'no limit');
  t.equal((await post(-1)).status, 400);
  t.equal((await post({ '*': 5, trade_cal: 1 })).status, 200);
  t.equal((await call('trade_cal')).code, 40203, 'and limited again');
});

t.test('the window slides and counts refused calls', async (t) => {
  const window = new ServerWindow();
  const admit = (at: number) => window.admit('token', 'daily', 2, at);
  t.ok(admit(0));
  t.ok(admit(30_000));
  t.notOk(admit(59_999), 'two in the last minute');
  t.notOk(admit(60_000), 'the refused one took a place');
  t.ok(admit(119_999.5), 'only the call at 60,000 is left');
});

t.test('a client that keeps 195 in any 60 s is never refused at 200', async (t) => {
  const window = new ServerWindow();
  const accepted: number[] = [];
  let at = 0;
  for (let call = 0; call < 5000; call++) {
    // In bursts whenever its window allows; the network delays each call by up to 100 ms.
    const free = accepted.length < 195 ? 0 : (accepted.at(-195) ?? 0) + 60_000;
    at = Math.max(at + 0.1, free);
    accepted.push(at + ((call * 7919) % 100));
    if (!window.admit('token', 'daily', 200, at + ((call * 7919) % 100))) t.fail(`refused at call ${call}`);
  }
  t.equal(accepted.length, 5000);
});
