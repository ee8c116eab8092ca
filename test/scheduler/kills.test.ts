/** Fifteen seconds and three kills; `npm run test:schedules` is two minutes and ten. */
import t from 'tap';
import { killRun } from './support/kill-run.ts';

const SECONDS = Number(process.env.SCHEDULES_SECONDS || 15);
const KILLS = Number(process.env.SCHEDULES_KILLS || 3);

t.test(
  'the leader is killed again and again: every second is fired once',
  { timeout: 280_000 },
  async (t) => {
    const run = await killRun(t, SECONDS, KILLS);
    t.strictSame(run.findings, []);
    t.equal(run.kills, KILLS);
    t.ok(run.due >= SECONDS);
    t.comment(`${run.due} seconds, longest time without a leader ${Math.round(run.longest_gap_ms)} ms`);
  },
);
