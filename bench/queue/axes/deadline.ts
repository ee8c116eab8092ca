/**
 * The deadline of a spinning task: from deadline_at until the first line of the next task on its slot, ms, p99.
 *
 *  - warm: one task reaches its deadline, and the spare takes its place;
 *  - two at once: two tasks reach theirs at the same moment (one claim, the same time), measured until the second of
 *    the next ones begins;
 *  - cold: there is no spare. The one that there was took over 20 ms before from a task that had spun, and spins
 *    itself: no other is there or boots when it reaches its deadline, and the other core has nothing to do.
 *
 * The code of the next task has run before in this supervisor.
 */
import type { Task } from '../../../src/queue/task.ts';
import { type Bench, newTask, submitAll, until } from '../bench.ts';
import { nowMs, percentile, quiet, report } from '../measure.ts';

/** The measured milliseconds lie between two looks: what is measured has the machine for itself. */
const LOOK_EVERY_MS = 100;
const NAP_MS = 300;
/** Long enough for the kill evidence, which starts 500 ms before the deadline. */
const TIMEOUT_SECONDS = 0.55;
/** Claimed 10 ms before its thread is there, and over before the next spare begins to boot. */
const COLD_TIMEOUT_SECONDS = 0.02;
const TIMES_ASKED = 10;

interface Case {
  name: string;
  threads: number;
  samples: number;
  bound: number;
  /** Running times of the tasks that spin, in s. */
  spins: number[];
}

const CASES: Case[] = [
  { name: 'warm spare', threads: 1, samples: 100, bound: 5, spins: [TIMEOUT_SECONDS] },
  { name: 'two at once', threads: 2, samples: 25, bound: 60, spins: [TIMEOUT_SECONDS, TIMEOUT_SECONDS] },
  { name: 'cold', threads: 1, samples: 25, bound: 60, spins: [TIMEOUT_SECONDS, COLD_TIMEOUT_SECONDS] },
];

/** Spinning tasks that had told what they did. */
let evidence = 0;

export async function deadline(bench: Bench): Promise<void> {
  for (const { name, threads, samples, bound, spins } of CASES) {
    const settings = { SUPERVISOR_THREADS: String(threads), LOG_LEVEL: 'error' };
    const supervisor = await bench.supervisor(settings);
    const values: number[] = [];
    await once(bench, spins, threads);
    evidence = 0;
    await quiet();
    for (let i = 0; i < samples; i++) values.push(await once(bench, spins, threads));
    await supervisor.kill();
    await bench.redis.flushall();
    const of = (share: number) => percentile(values, share).toFixed(1);
    report({
      axis: 'deadline',
      unit: 'ms',
      target: { is: '<=', value: bound, of_peer: false },
      ours: percentile(values, 0.99),
      note: `${name}, p99 of ${samples}; p50 ${of(0.5)}, p90 ${of(0.9)}, most ${of(1)}; kill evidence ${evidence} times`,
    });
  }
}

/** Tasks that spin, and behind them one for each thread. @returns ms until the last of those began, a `noop` */
async function once(bench: Bench, seconds: readonly number[], threads: number): Promise<number> {
  const spins = seconds.map((timeout_seconds, i) => newTask('spin', i, { timeout_seconds, max_attempts: 1 }));
  // All but the last take a while, so that it can't come after them in their thread.
  const naps = Array.from({ length: threads - 1 }, (_, i) => newTask('nap', i, { params: { ms: NAP_MS } }));
  const ids = await submitAll(bench.queue, [...spins, ...naps, newTask('noop', 0)]);
  let tasks: (Task | null)[] = [];
  await until('what spun and what came behind have ended', 20_000, () => ended(), LOOK_EVERY_MS);
  const spun = tasks.slice(0, spins.length);
  for (const task of spun) if (task?.error_detail) evidence += 1;
  const ahead = await clockOfRedisAhead(bench);
  const last = Math.max(...spun.map((task) => task?.deadline_at ?? 0)) - ahead;
  return (tasks.at(-1)?.records_processed ?? 0) / 1000 - last;

  async function ended(): Promise<boolean> {
    tasks = await Promise.all(ids.map((id) => bench.queue.get(id)));
    const types = tasks.map((task) => task?.last_error_type ?? task?.status);
    if (types.includes('failed')) throw new Error(`tasks ended as ${types}`);
    return types.every((type, i) => type === (i < spins.length ? 'timeout' : 'completed'));
  }
}

/** ms that the clock of Redis is ahead of the monotonic one, by the quickest of some answers: one alone was wrong by 5. */
async function clockOfRedisAhead(bench: Bench): Promise<number> {
  let quickest = { took: Number.POSITIVE_INFINITY, ahead: 0 };
  for (let i = 0; i < TIMES_ASKED; i++) {
    const before = nowMs();
    const [seconds, micros] = await bench.redis.time();
    const took = nowMs() - before;
    const ahead = Number(seconds) * 1000 + Number(micros) / 1000 - (before + took / 2);
    if (took < quickest.took) quickest = { took, ahead };
  }
  return quickest.ahead;
}
