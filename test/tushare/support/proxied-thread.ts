/** A worker thread that makes calls inside a proxy scope, and tells what it saw before, during and after. */
import http from 'node:http';
import https from 'node:https';
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../../src/clock.ts';
import { TushareClient } from '../../../src/tushare/client.ts';
import { withProxy } from '../../../src/tushare/proxy.ts';

const { proxyUrl, apiUrl, calls, fail } = workerData as {
  proxyUrl: string;
  apiUrl: string;
  calls: number;
  fail: boolean;
};

const parts = () => [http.get, http.request, http.globalAgent, https.get, https.request, https.globalAgent];
const same = (a: unknown[], b: unknown[]) => a.every((part, i) => part === b[i]);
const permits = { acquire: async () => ({ use_by: monotonicMs() + 2_000, used: () => {} }) };
const client = new TushareClient({ baseUrl: apiUrl, token: 'a-token', timeoutMs: 5_000, permits });

const before = parts();
const environment = JSON.stringify(process.env);
let replaced = false;
let environmentInside = '';
const outcome = await withProxy(proxyUrl, async () => {
  replaced = !same(before, parts());
  environmentInside = JSON.stringify(process.env);
  const answer = await client.call('daily', {}, []);
  if (fail) throw new Error('the task failed');
  return answer.items;
}).catch((error) => error.message);
const after = [];
for (let i = 0; i < calls; i += 1) after.push((await client.call('daily', {}, [])).items);
client.close();

parentPort?.postMessage({
  outcome,
  after,
  replaced,
  restored: same(before, parts()),
  environmentUntouched: environment === environmentInside && environment === JSON.stringify(process.env),
});
