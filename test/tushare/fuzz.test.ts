// Hostile answers and transports, the short form; the long one is `npm run test:fuzz`.
import { randomInt } from 'node:crypto';
import t from 'tap';
import { fuzz } from './fuzz/run.ts';

t.test('2,000 hostile answers: no crash, no hang, no silent success', async (t) => {
  const seed = Number(process.env.FUZZ_SEED) || randomInt(1, 2 ** 30);
  t.comment(`seed ${seed}: npm run test:fuzz -- --seed ${seed} --cases 2000`);
  const report = await fuzz(t, { cases: 2_000, seed });
  t.same(report.failures, [], `seed ${seed}`);
  t.equal(report.cases, 2_000);
  for (const outcome of [
    'rows',
    'tushare_bad_answer',
    'network',
    'tushare_rate_limited',
    'tushare_server_error',
  ])
    t.ok((report.outcomes[outcome] ?? 0) > 5, `${outcome}: ${report.outcomes[outcome]}`);
});
