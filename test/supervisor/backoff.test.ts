/** The pause before a retry: exponential, with full jitter, kept in Redis (R46). */
import t from 'tap';
import { LONGEST_PAUSE_MS, retryDelayMs } from '../../src/supervisor/backoff.ts';
import { openTestQueue, taskOf, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const COUNT = 60;
const BASE_SECONDS = 200;

t.test(
  'tasks that fail together come back apart: their next_run_at are spread over the whole pause',
  async (t) => {
    const { url } = await freshRedis(t);
    const queue = await openTestQueue(t, url);
    await startSupervisor(t, { REDIS_URL: url, TASK_RETRY_BASE_SECONDS: String(BASE_SECONDS) });
    const submitted = await queue.submit(
      Array.from({ length: COUNT }, (_, i) => taskOf('fails', { job_type: `fails.t${i}` })),
    );
    const shares: number[] = [];
    for (const { task_id } of submitted) {
      const { next_run_at, updated_at, attempt } = await until(queue, task_id, (task) => task.attempt > 0);
      t.equal(attempt, 1);
      shares.push(((next_run_at ?? 0) - updated_at) / (BASE_SECONDS * 1000));
    }
    // Uniform over 0..1: that none of 60 falls into a tenth of it has a chance of 0.9^60 = 0.2 % a tenth, so fifths
    // are counted (1.5e-6), and the mean of 60 is 0.5 ± 0.037.
    for (let fifth = 0; fifth < 5; fifth++)
      t.ok(
        shares.some((share) => share >= fifth / 5 && share <= (fifth + 1) / 5),
        `fifth ${fifth} of the pause`,
      );
    t.ok(shares.every((share) => share >= 0 && share <= 1));
    const mean = shares.reduce((sum, share) => sum + share, 0) / COUNT;
    t.ok(
      mean > 0.28 && mean < 0.72,
      `their mean is ${mean.toFixed(2)} of it, within six standard deviations`,
    );
  },
);

t.test(
  'the longest pause doubles with every attempt, up to ten minutes; what TuShare asks for comes on top',
  async (t) => {
    const [none, all] = [() => 0, () => 1];
    const longest = [0, 1, 2, 3, 10, 40].map((attempt) => retryDelayMs(attempt, 5_000, null, all));
    t.strictSame(longest, [5_000, 10_000, 20_000, 40_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
    t.equal(retryDelayMs(3, 5_000, null, none), 0);
    t.equal(retryDelayMs(0, 5_000, 60_000, none), 60_000);
    t.equal(retryDelayMs(0, 5_000, 60_000, all), 65_000);
  },
);
