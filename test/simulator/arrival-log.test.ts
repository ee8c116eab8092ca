import t from 'tap';
import { monotonicMs } from '../../src/clock.ts';
import { worstWindow } from '../../src/simulator/index.ts';
import { freshSimulator } from '../support/simulator.ts';

t.test('the log tells when each call arrived, what it asked and what it got', async (t) => {
  const { call, log, clearLog, setLatency } = await freshSimulator(t, { tokens: ['good'] });
  const before = monotonicMs();
  const answer = await call('daily', { trade_date: '20190102', limit: 7 }, '', 'good');
  await call('daily', {}, '', 'bad');
  await call('nothing', {}, '', 'good');
  const after = monotonicMs();
  const entries = await log();
  t.match(entries, [
    {
      api_name: 'daily',
      params: { trade_date: '20190102', limit: '7' },
      token_ok: true,
      code: 0,
      rows: 7,
      fault: null,
    },
    { api_name: 'daily', token_ok: false, code: 40101, rows: 0 },
    { api_name: 'nothing', token_ok: true, code: 40101, rows: 0 },
  ]);
  t.equal(answer.data?.items.length, 7);
  t.ok(entries.every(({ at }, n) => at > before && at < after && at > (entries[n - 1]?.at ?? 0)));
  t.notMatch(JSON.stringify(entries), /good|bad/, 'no token in it');
  t.equal((await log(entries[1]?.at)).length, 1, 'since leaves the earlier ones out');

  await setLatency(80);
  const asked = monotonicMs();
  await call('trade_cal', { limit: 1 }, '', 'good');
  const [slow] = await log(entries[2]?.at);
  t.ok(monotonicMs() - asked >= 79, 'the answer waited');
  t.ok((slow?.at ?? Infinity) - asked < 70, 'the arrival is that of the request, not of the answer');
  await clearLog();
  t.same(await log(), []);
});

t.test('the worst window is the most calls within any trailing stretch', async (t) => {
  const at = (...times: number[]) => times.map((time) => ({ at: time }));
  t.equal(worstWindow([], 1000), 0);
  t.equal(worstWindow(at(0, 1000, 2000), 1000), 1, 'the far end of a window is outside');
  t.equal(worstWindow(at(0, 999.999), 1000), 2);
  t.equal(worstWindow(at(5000, 0, 400, 900, 1100, 1300, 4000), 1000), 4, 'in whatever order they come');
  t.equal(worstWindow(at(7, 7, 7), 1), 3, 'calls at the same moment');
});
