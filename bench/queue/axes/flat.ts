/** What one operation costs with 1,000 tasks in the queue, and with 1,000,000: p50 of the call, in µs. */
import type { ClaimedTask } from '../../../src/queue/task.ts';
import { type Bench, newTask, submitAll } from '../bench.ts';
import { nowMs, percentile, quiet, report } from '../measure.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const TYPES = 1_000;
const SAMPLES = 200;
/** Of calls that take milliseconds. */
const SLOW_SAMPLES = 20;
/** Log n grows by 2 from a thousand to a million; the rest is noise. */
const FLAT = 2;

export async function flat(bench: Bench): Promise<void> {
  const middleOfFew = await fill(bench, 0, FEW);
  await costs(bench, middleOfFew); // the scripts are loaded and compiled
  const few = await costs(bench, middleOfFew);
  const middleOfMany = await fill(bench, FEW, MANY);
  const many = await costs(bench, middleOfMany);
  for (const name of Object.keys(few)) {
    report({
      axis: 'flat',
      ours: many[name] ?? Number.NaN,
      unit: 'µs',
      peer: `ours at ${FEW.toLocaleString('en')}`,
      peer_value: few[name] ?? Number.NaN,
      target: { is: '<=', value: FLAT, of_peer: true },
      note: `${name} with ${MANY.toLocaleString('en')} queued`,
    });
  }
}

/** @returns the id of a task in the middle of the queue */
async function fill({ queue }: Bench, from: number, to: number): Promise<string> {
  let middle = '';
  for (let done = from; done < to; done += 10_000) {
    const count = Math.min(10_000, to - done);
    const tasks = Array.from({ length: count }, (_, i) => newTask('noop', (done + i) % TYPES));
    const ids = await submitAll(queue, tasks);
    if (middle === '' || done <= to / 2) middle = ids[count / 2] as string;
  }
  return middle;
}

async function costs({ queue }: Bench, middle: string): Promise<Record<string, number>> {
  await quiet();
  const values: Record<string, number[]> = {};
  const timed = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    const start = nowMs();
    const answer = await call();
    const took = (nowMs() - start) * 1000;
    values[name] = [...(values[name] ?? []), took];
    return answer;
  };
  for (let i = 0; i < SAMPLES; i++) {
    const [submitted] = await timed('submit', () => queue.submit([newTask('noop', i % TYPES)]));
    const task_id = submitted?.task_id as string;
    await timed('get', () => queue.get(task_id));
    await timed('position', () => queue.position(task_id));
    await timed('position in the middle', () => queue.position(middle));
    await timed('depth', () => queue.depth());
    await timed('supervisors', () => queue.crew());
    await timed('list', () => queue.list({ status: 'pending' }));
    if (i < SLOW_SAMPLES) await timed('list of a job type', () => queue.list({ job_type: 'noop-1.full' }));
    await timed('cancel', () => queue.cancel(task_id));
    await queue.submit([newTask('noop', i % TYPES)]);
    const claim = { supervisor_id: 'bench', free: 1, lease_ms: 60_000 };
    const [task] = (await timed('claim', () => queue.claim(claim))) as [ClaimedTask];
    const run = { task_id: task.task_id, supervisor_id: 'bench', fence: task.fence };
    const outcome = { kind: 'completed', records_processed: 0 } as const;
    await timed('finish', () => queue.finish([{ ...run, outcome }]));
  }
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, percentile(all, 0.5)]));
}
