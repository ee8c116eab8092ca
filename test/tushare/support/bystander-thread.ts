/** A thread that has nothing to do with the proxy: when asked, it tells whether its http is as it was, and calls. */
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../../src/clock.ts';
import { TushareClient } from '../../../src/tushare/client.ts';
import { httpParts, same } from './http-parts.ts';

const before = httpParts();
const environment = JSON.stringify(process.env);
const permits = { acquire: async () => ({ use_by: monotonicMs() + 2_000, used: () => {} }) };
const client = new TushareClient({ baseUrl: workerData, token: 'a-token', timeoutMs: 5_000, permits });

parentPort?.on('message', async () => {
  const { items } = await client.call('daily', {}, []);
  const untouched = same(before, httpParts()) && environment === JSON.stringify(process.env);
  parentPort?.postMessage({ untouched, items });
});
