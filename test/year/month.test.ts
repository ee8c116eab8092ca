/** The short form of `npm run test:year`: a month, six faults, two kills. YEAR_SEED replays one. */
import t from 'tap';
import { realData } from '../support/real-data.ts';
import { faultedRun } from './support/faulted-run.ts';
import { judge } from './support/judge.ts';

t.test(
  'a month with one fault of each kind and two kills: equal, and nothing is asked for twice without a reason',
  { timeout: 240_000 },
  async (t) => {
    const seed = Number(process.env.YEAR_SEED ?? Math.floor(Math.random() * 2 ** 31));
    t.comment(`YEAR_SEED=${seed}`);
    const run = await faultedRun(t, {
      seed,
      start_date: '20190101',
      end_date: '20190131',
      faults: 6,
      kills: 2,
      latency_ms: 250,
      batch_size: 3,
      data: realData ?? undefined,
      say: (line) => t.comment(line),
    });
    const { findings, numbers } = await judge(run);
    t.comment(JSON.stringify(numbers));
    t.strictSame(findings, []);
    t.equal(numbers.faults, 5, 'beside the repeated rows, which cost no call');
    t.equal(numbers.kills, 2);
  },
);
