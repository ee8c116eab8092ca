/**
 * The deadline of a spinning task: from deadline_at until the first line of the next task on its slot, ms, p99.
 * Warm: one task reaches its deadline, and the spare takes its place. Cold: two do at the same moment (one claim, the
 * same time), so that the spare takes the next task and the one after waits for a thread to boot. The code of the next
 * task has run before in this supervisor.
 */
import type { Task } from '../../../src/queue/task.ts';
import { type Bench, newTask, submitAll, until } from '../bench.ts';
import { nowMs, percentile, quiet, report } from '../measure.ts';

const SAMPLES = 50;
/** The measured milliseconds lie between two looks: what is measured has the machine for itself. */
const LOOK_EVERY_MS = 100;
const NAP_MS = 300;
/** Long enough for the kill evidence, which starts 500 ms before the deadline. */
const TIMEOUT_SECONDS = 0.7;

/** Samples whose spinning task had told what it did. */
let evidence = 0;

export async function deadline(bench: Bench): Promise<void> {
  for (const [name, threads, bound] of [
    ['warm spare', 1, 5],
    ['cold', 2, 60],
  ] as const) {
    const supervisor = await bench.supervisor({ SUPERVISOR_THREADS: String(threads), LOG_LEVEL: 'error' });
    const values: number[] = [];
    await once(bench, threads);
    evidence = 0;
    await quiet();
    for (let i = 0; i < SAMPLES; i++) values.push(await once(bench, threads));
    await supervisor.kill();
    await bench.redis.flushall();
    const figure = {
      axis: 'deadline',
      unit: 'ms',
      target: { is: '<=', value: bound, of_peer: false },
    } as const;
    report({
      ...figure,
      ours: percentile(values, 0.99),
      note: `${name}, p99 of ${SAMPLES}; p50 ${percentile(values, 0.5).toFixed(1)}; kill evidence in ${evidence} of ${SAMPLES * threads}`,
    });
  }
}

/** As many tasks that spin as threads, and as many behind them. @returns ms until the last of those began, a `noop` */
async function once(bench: Bench, threads: number): Promise<number> {
  const numbers = Array.from({ length: threads }, (_, i) => i);
  const spin = { timeout_seconds: TIMEOUT_SECONDS, max_attempts: 1 };
  const spins = await submitAll(
    bench.queue,
    numbers.map((i) => newTask('spin', i, spin)),
  );
  // All but the last take a while, so that it can't come after them in their thread.
  const naps = numbers.slice(1).map((i) => newTask('nap', i, { params: { ms: NAP_MS } }));
  const next = await submitAll(bench.queue, [...naps, newTask('noop', 0)]);
  let tasks: (Task | null)[] = [];
  await until('what spun and what came behind have ended', 20_000, () => ended(), LOOK_EVERY_MS);
  for (const task of tasks.slice(0, threads)) if (task?.error_detail) evidence += 1;
  const ahead = await clockOfRedisAhead(bench);
  const deadlines = tasks.slice(0, threads).map((task) => (task?.deadline_at ?? 0) - ahead);
  return (tasks.at(-1)?.records_processed ?? 0) / 1000 - Math.max(...deadlines);

  async function ended(): Promise<boolean> {
    tasks = await Promise.all([...spins, ...next].map((id) => bench.queue.get(id)));
    const types = tasks.map((task) => task?.last_error_type ?? task?.status);
    if (types.includes('failed')) throw new Error(`tasks ended as ${types}`);
    return types.every((type, i) => type === (i < threads ? 'timeout' : 'completed'));
  }
}

/** ms that the clock of Redis is ahead of the monotonic one. */
async function clockOfRedisAhead(bench: Bench): Promise<number> {
  const before = nowMs();
  const [seconds, micros] = await bench.redis.time();
  return Number(seconds) * 1000 + Number(micros) / 1000 - (before + nowMs()) / 2;
}
