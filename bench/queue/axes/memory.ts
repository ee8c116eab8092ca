/** Bytes of Redis that one more queued task takes, all its index entries included; the capped live feed is not. */
import { Queue } from 'bullmq';
import { type Bench, newTask, submitAll } from '../bench.ts';
import { report } from '../measure.ts';

const TASKS = 20_000;
const PAYLOADS = {
  '{"trade_date":"20190102"}': { trade_date: '20190102' },
  'params of 90 bytes': { text: 'x'.repeat(90 - '{"text":""}'.length) },
};

export async function memory(bench: Bench): Promise<void> {
  for (const [note, params] of Object.entries(PAYLOADS)) {
    const ours = await perTask(bench, '{stock}:events', async () => {
      await submitAll(
        bench.queue,
        // a job type as all have it: what is made of dataset and mode
        Array.from({ length: TASKS }, () => newTask('noop', 0, { job_type: 'noop.full', params })),
      );
    });
    const peer = new Queue('bench', { connection: { url: bench.url } });
    await peer.waitUntilReady();
    const theirs = await perTask(bench, 'bull:bench:events', async () => {
      for (let from = 0; from < TASKS; from += 1_000)
        await peer.addBulk(Array.from({ length: 1_000 }, () => ({ name: 'noop', data: params })));
    });
    await peer.close();
    report({
      axis: 'memory',
      ours,
      unit: 'bytes/queued task',
      peer: 'bullmq',
      peer_value: theirs,
      target: { is: '<=', value: 1, of_peer: true },
      note,
    });
  }
}

async function perTask({ redis }: Bench, feed: string, fill: () => Promise<void>): Promise<number> {
  const used = async () => {
    const total = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    return total - Number((await redis.memory('USAGE', feed, 'SAMPLES', 0)) ?? 0);
  };
  await redis.flushall();
  const before = await used();
  await fill();
  return ((await used()) - before) / TASKS;
}
