/**
 * The deadline of a spinning task: from deadline_at until the first line of the next task on its slot, ms, p99.
 * Warm: one thread and its spare, as by default. Cold: two tasks reach their deadlines one after the other, so that
 * the spare is used up and the next task waits for a thread to boot; counted from the FIRST of the two deadlines.
 */
import { type Bench, newTask, submitAll, until } from '../bench.ts';
import { nowMs, percentile, quiet, report } from '../measure.ts';

const SAMPLES = 50;
/** Long enough for the kill evidence, which starts 500 ms before the deadline. */
const TIMEOUT_SECONDS = 0.7;
/** The second one of a cold sample: it runs on the spare and ends before a new thread can be there. */
const SHORT_TIMEOUT_SECONDS = 0.005;

/** Samples whose spinning task had told what it did. */
let evidence = 0;

export async function deadline(bench: Bench): Promise<void> {
  await bench.supervisor({ SUPERVISOR_THREADS: '1', LOG_LEVEL: 'error' });
  for (const [name, spins, bound] of [
    ['warm spare', [TIMEOUT_SECONDS], 5],
    ['cold', [TIMEOUT_SECONDS, SHORT_TIMEOUT_SECONDS], 60],
  ] as const) {
    const values: number[] = [];
    evidence = 0;
    await quiet();
    for (let i = 0; i < SAMPLES; i++) values.push(await once(bench, spins));
    const figure = {
      axis: 'deadline',
      unit: 'ms',
      target: { is: '<=', value: bound, of_peer: false },
    } as const;
    report({
      ...figure,
      ours: percentile(values, 0.99),
      note: `${name}, p99 of ${SAMPLES}; p50 ${percentile(values, 0.5).toFixed(1)}; kill evidence in ${evidence}`,
    });
  }
}

async function once(bench: Bench, spins: readonly number[]): Promise<number> {
  const ids = await submitAll(bench.queue, [
    ...spins.map((timeout_seconds, i) => newTask('spin', i, { timeout_seconds, max_attempts: 1 })),
    newTask('noop', 0),
  ]);
  const next = ids.at(-1) as string;
  await until('the task after the spinning one', 20_000, async () => {
    return (await bench.queue.get(next))?.status === 'completed';
  });
  const first = await bench.queue.get(ids[0] as string);
  if (first?.last_error_type !== 'timeout' || first.deadline_at === null)
    throw new Error(`the spinning task ended as ${first?.status}, ${first?.last_error_type}`);
  if (first.error_detail) evidence += 1;
  const began = ((await bench.queue.get(next))?.records_processed ?? 0) / 1000;
  return began - (first.deadline_at - (await clockOfRedisAhead(bench)));
}

/** ms that the clock of Redis is ahead of the monotonic one. */
async function clockOfRedisAhead(bench: Bench): Promise<number> {
  const before = nowMs();
  const [seconds, micros] = await bench.redis.time();
  return Number(seconds) * 1000 + Number(micros) / 1000 - (before + nowMs()) / 2;
}
