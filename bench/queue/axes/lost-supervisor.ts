/** kill -9 of a process with tasks in it: seconds until the last of them runs in another one, default settings. */
import { Queue } from 'bullmq';
import { type Bench, newTask, type Process, submitAll, until } from '../bench.ts';
import { median, nowMs, ROUNDS, report } from '../measure.ts';

/** As many as a supervisor has threads. */
const TASKS = 4;
/** They run longer than anybody takes to notice. */
const HOLD_MS = 120_000;
/** BullMQ finds it within 30 to 60 s. */
const PEER_WITHIN_MS = 90_000;

export async function lostSupervisor(bench: Bench): Promise<void> {
  // BullMQ's minute passes while ours are measured: both sides only wait.
  const theirs = peerOnce(bench);
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ours.push(await oursOnce(bench, round));
  report({
    axis: 'lost supervisor',
    ours: Math.max(...ours) / 1000,
    unit: 's',
    peer: 'bullmq',
    peer_value: (await theirs) / 1000,
    target: { is: '<=', value: 5, of_peer: false },
    note: `worst of ${ROUNDS}, median ${(median(ours) / 1000).toFixed(2)} s; the peer once, by its defaults`,
  });
}

async function oursOnce(bench: Bench, round: number): Promise<number> {
  const first = await bench.supervisor();
  const ids = await submitAll(
    bench.queue,
    Array.from({ length: TASKS }, (_, i) =>
      newTask('nap', round * TASKS + i, { priority: 0, params: { ms: HOLD_MS }, timeout_seconds: 600 }),
    ),
  );
  const fences = () => bench.queue.getMany(ids).then((tasks) => tasks.map((task) => task?.fence ?? 0));
  await until('all tasks run', 10_000, async () => (await fences()).every((fence) => fence === 1));
  const second = await bench.supervisor();
  const passed = await killed(first, () =>
    until('all tasks run elsewhere', 30_000, async () => (await fences()).every((fence) => fence === 2)),
  );
  await second.kill();
  await dropOurs(bench);
  return passed;
}

async function peerOnce(bench: Bench): Promise<number> {
  const settings = { kind: 'handler', concurrency: TASKS, queue: 'lost' } as const;
  const first = await bench.peer(settings);
  const queue = new Queue('lost', { connection: { url: bench.url } });
  let begun = 0;
  first.child.on('message', () => begun++);
  for (let i = 0; i < TASKS; i++) await queue.add('nap', { hold_ms: HOLD_MS });
  await until('all jobs run', 10_000, async () => begun === TASKS);
  const second = await bench.peer(settings);
  let again = 0;
  second.child.on('message', () => again++);
  const passed = await killed(first, () =>
    until('all jobs run elsewhere', PEER_WITHIN_MS, async () => again === TASKS),
  );
  await second.kill();
  await queue.close();
  return passed;
}

async function killed(process: Process, elsewhere: () => Promise<void>): Promise<number> {
  const start = nowMs();
  await process.kill();
  await elsewhere();
  return nowMs() - start;
}

/** BullMQ's keys stay: it is still being measured. */
async function dropOurs(bench: Bench): Promise<void> {
  const keys = await bench.redis.keys('{stock}:*');
  if (keys.length > 0) await bench.redis.del(...keys);
}
