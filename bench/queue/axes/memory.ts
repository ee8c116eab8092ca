/** Bytes of Redis that one more queued task takes, all its index entries included; the capped live feed is not. */
import { type JobOptions, Queue } from 'bullmq';
import { newId } from '../../../src/queue/new-id.ts';
import { type Bench, newTask, submitAll } from '../bench.ts';
import { report } from '../measure.ts';

/** With 1,000 before them just under a power of two, where the tables of Redis are full and not being moved. */
const TASKS = 64_000;
const PAYLOADS = {
  '{"trade_date":"20190102"}': { trade_date: '20190102' },
  'params of 90 bytes': { text: 'x'.repeat(90 - '{"text":""}'.length) },
};

/** BullMQ by itself numbers its jobs and lets them run once, without a priority. */
const PLAIN = () => ({});
/** What each of our tasks has: an id that is not a number, four attempts with a backoff, one of three priorities. */
const LIKE_OURS = () => ({
  jobId: newId(),
  attempts: 4,
  backoff: { type: 'exponential', delay: 1_000 },
  priority: 2,
});

export async function memory(bench: Bench): Promise<void> {
  for (const [note, params] of Object.entries(PAYLOADS)) {
    const ours = await perTask(bench, '{stock}:events', async (count) => {
      await submitAll(
        bench.queue,
        // as submitTask makes them: a job type of dataset and mode, and 30 minutes
        Array.from({ length: count }, () =>
          newTask('noop', 0, { job_type: 'noop.full', timeout_seconds: 1_800, params }),
        ),
      );
    });
    for (const [what, options] of [
      ['plain jobs', PLAIN],
      ['jobs with id, attempts, backoff, priority', LIKE_OURS],
    ] as const) {
      report({
        axis: 'memory',
        ours,
        unit: 'bytes/queued task',
        peer: `bullmq, ${what}`,
        peer_value: await ofBullmq(bench, params, options),
        target: { is: '<=', value: 1, of_peer: true },
        note,
      });
    }
  }
}

async function ofBullmq(bench: Bench, data: object, options: () => JobOptions): Promise<number> {
  const peer = new Queue('bench', { connection: { url: bench.url } });
  await peer.waitUntilReady();
  const bytes = await perTask(bench, 'bull:bench:events', async (count) => {
    for (let from = 0; from < count; from += 1_000)
      await peer.addBulk(Array.from({ length: 1_000 }, () => ({ name: 'noop', data, opts: options() })));
  });
  await peer.close();
  return bytes;
}

/** The live feed is capped and the scripts are loaded once: neither is what one more task costs. */
async function perTask(
  { redis }: Bench,
  feed: string,
  fill: (count: number) => Promise<void>,
): Promise<number> {
  const used = async () => {
    const info = await redis.info('memory');
    const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    const feedBytes = Number((await redis.memory('USAGE', feed, 'SAMPLES', 0)) ?? 0);
    return field('used_memory') - field('used_memory_lua') - feedBytes;
  };
  await redis.flushall();
  await fill(1_000);
  const before = await used();
  await fill(TASKS);
  return ((await used()) - before) / TASKS;
}
