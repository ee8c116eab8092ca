/**
 * A worker process of BullMQ for the benchmarks, set by BENCH_PEER (PeerSettings). Completed jobs are removed at
 * once: that is when BullMQ is fastest.
 */
import { Worker } from 'bullmq';
import { Piscina } from 'piscina';
import type { PeerSettings } from '../bench.ts';
import { nowMs } from '../measure.ts';

const settings = JSON.parse(process.env.BENCH_PEER ?? '') as PeerSettings;
const file = new URL('./noop.js', import.meta.url);

/** One task per thread, as ours: a thread that shares tasks can't be killed for one of them. */
function piscinaHandler(): () => Promise<unknown> {
  const pool = new Piscina({
    filename: file.href,
    minThreads: 2,
    maxThreads: 2,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
  });
  return () => pool.run(null);
}

/** Tells the benchmark when its first line ran; a job may ask to be held for some ms. */
async function handler(job: { id: string; data: unknown }): Promise<void> {
  process.send?.({ id: job.id, at: nowMs() });
  const { hold_ms } = job.data as { hold_ms?: number };
  if (hold_ms) await new Promise((resolve) => setTimeout(resolve, hold_ms));
}

const processors = {
  handler,
  sandbox: file,
  piscina: settings.kind === 'piscina' ? piscinaHandler() : handler,
};
const worker = new Worker(settings.queue ?? 'bench', processors[settings.kind], {
  connection: { url: process.env.BENCH_REDIS ?? '' },
  concurrency: settings.concurrency,
  useWorkerThreads: true,
  removeOnComplete: { count: 0 },
  ...(settings.lock_ms ? { lockDuration: settings.lock_ms, stalledInterval: settings.lock_ms } : {}),
});
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();
process.send?.('ready');
