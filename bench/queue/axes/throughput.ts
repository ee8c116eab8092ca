/**
 * No-op tasks a second, each in a thread that could be killed, one at a time per thread, 2 threads, one process.
 * Ours takes a Redlock and a fence for every task, over 100 types in turn, and keeps what it finished; BullMQ has no
 * types, takes no such lock and removes what it finished. Counted from the 500th task on, when all has warmed up.
 */
import { Queue } from 'bullmq';
import { type Bench, leftOfOurs, newTask, submitAll } from '../bench.ts';
import { median, nowMs, quiet, ROUNDS, report } from '../measure.ts';

const TASKS = 12_000;
const WARM = 500;
const TYPES = 100;
/** peers.md measured 1 to 16: these were the best on 2 cores. */
const SANDBOX_CONCURRENCY = 8;
const PISCINA_CONCURRENCY = 32;

export async function throughput(bench: Bench): Promise<void> {
  const ours: number[] = [];
  const sandbox: number[] = [];
  const piscina: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await oursOnce(bench));
    sandbox.push(await peerOnce(bench, 'sandbox', SANDBOX_CONCURRENCY));
    piscina.push(await peerOnce(bench, 'piscina', PISCINA_CONCURRENCY));
  }
  const figure = { axis: 'throughput', ours: median(ours), unit: 'tasks/s' };
  const target = { is: '>', value: 1, of_peer: true } as const;
  report({ ...figure, peer: 'bullmq-sandbox-threads', peer_value: median(sandbox), target });
  report({ ...figure, peer: 'bullmq+piscina', peer_value: median(piscina), target });
}

async function oursOnce(bench: Bench): Promise<number> {
  await submitAll(
    bench.queue,
    Array.from({ length: TASKS }, (_, i) => newTask('noop', i % TYPES)),
  );
  await quiet();
  await bench.supervisor({ SUPERVISOR_THREADS: '2' });
  const rate = await rateOf(() => leftOfOurs(bench));
  await bench.clear();
  return rate;
}

async function peerOnce(bench: Bench, kind: 'sandbox' | 'piscina', concurrency: number): Promise<number> {
  const queue = new Queue('bench', { connection: { url: bench.url } });
  for (let from = 0; from < TASKS; from += 1_000)
    await queue.addBulk(Array.from({ length: 1_000 }, () => ({ name: 'noop', data: {} })));
  await queue.close();
  await quiet();
  await bench.peer({ kind, concurrency });
  const rate = await rateOf(async () => {
    const [wait, active] = await Promise.all([
      bench.redis.llen('bull:bench:wait'),
      bench.redis.llen('bull:bench:active'),
    ]);
    return wait + active;
  });
  await bench.clear();
  return rate;
}

/** Tasks a second between the 500th and the last. */
async function rateOf(left: () => Promise<number>): Promise<number> {
  let now = await left();
  while (now > TASKS - WARM) now = await left();
  const first = { at: nowMs(), left: now };
  while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  return (first.left / (nowMs() - first.at)) * 1000;
}
