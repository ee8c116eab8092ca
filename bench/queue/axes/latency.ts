/**
 * An idle queue: from the call that submits to the first line of the task, ms. Ours runs in a worker thread behind
 * a lock; BullMQ's handler runs in the process itself.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { type Bench, newTask } from '../bench.ts';
import { median, nowMs, percentile, quiet, ROUNDS, report } from '../measure.ts';

const SAMPLES = 100;
const WARM = 10;

export async function latency(bench: Bench): Promise<void> {
  await bench.supervisor();
  const worker = await bench.peer({ kind: 'handler', concurrency: 4 });
  const began = new Map<string, number>();
  worker.child.on('message', ({ id, at }: { id: string; at: number }) => began.set(id, at));
  const peer = new Queue('bench', { connection: { url: bench.url } });
  await peer.waitUntilReady();
  const rounds = { ours: [] as number[][], theirs: [] as number[][] };
  for (let round = 0; round < ROUNDS; round++) {
    await quiet();
    rounds.ours.push(await oursOnce(bench));
    await quiet();
    rounds.theirs.push(
      await once(
        async () => (await peer.add('noop', {})).id,
        async (id) => began.get(id),
      ),
    );
  }
  await peer.close();
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    report({
      axis: 'latency',
      ours: median(rounds.ours.map((values) => percentile(values, share))),
      unit: 'ms',
      peer: 'bullmq-in-process',
      peer_value: median(rounds.theirs.map((values) => percentile(values, share))),
      target: { is: '<=', value: 1, of_peer: true },
      note: name,
    });
  }
}

function oursOnce(bench: Bench): Promise<number[]> {
  return once(
    async () => (await bench.queue.submit([newTask('noop', 0)]))[0]?.task_id ?? '',
    async (task_id) => {
      const task = await bench.queue.get(task_id);
      return task?.status === 'completed' ? task.records_processed / 1000 : undefined;
    },
  );
}

/** ms from each submission to its first line; they come 20 to 30 ms apart, so that everything is asleep again. */
async function once(
  submit: () => Promise<string>,
  began: (id: string) => Promise<number | undefined>,
): Promise<number[]> {
  const submitted: { id: string; at: number }[] = [];
  for (let i = 0; i < WARM + SAMPLES; i++) {
    const at = nowMs();
    submitted.push({ id: await submit(), at });
    await delay(20 + Math.random() * 10);
  }
  const values: number[] = [];
  for (const { id, at } of submitted.slice(WARM)) {
    const first = await began(id);
    if (first === undefined) throw new Error(`${id} did not run within 20 ms of idleness and all later ones`);
    values.push(first - at);
  }
  return values;
}
