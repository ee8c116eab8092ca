/**
 * A process with a proxied thread and a bystander. While the thread is inside its scope, and again after it, the
 * main thread and the bystander make a call of their own and look whether anything of theirs has changed.
 */
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { monotonicMs } from '../../../src/clock.ts';
import { TushareClient } from '../../../src/tushare/client.ts';
import { httpParts, same } from './http-parts.ts';
import type { Work } from './proxied-thread.ts';

export interface ProcessWork extends Work {
  /** The thread is terminated inside its scope. */
  kill?: boolean;
}

const work = JSON.parse(process.argv[2] ?? '') as ProcessWork;
const apiUrl = work.settings.TUSHARE_API_URL as string;
const thread = (file: string, workerData: unknown) =>
  new Worker(path.join(import.meta.dirname, file), { workerData });
const before = httpParts();
const environment = JSON.stringify(process.env);
const permits = { acquire: async () => ({ use_by: monotonicMs() + 2_000, used: () => {} }) };
const client = new TushareClient({ baseUrl: apiUrl, token: 'a-token', timeoutMs: 5_000, permits });
const bystander = thread('bystander-thread.ts', apiUrl);

const proxied = thread('proxied-thread.ts', work);
const report: Record<string, unknown> = {};
for (let ended = false; !ended; ) {
  const [message] = await once(proxied, 'message');
  if (message.inside) {
    report.inside = { ...message, others: await lookAround() };
    if (work.kill) {
      await proxied.terminate();
      ended = true;
    } else proxied.postMessage('go on');
  } else {
    Object.assign(report, message);
    ended = true;
  }
}
if (report.inside) report.othersAfter = await lookAround();
client.close();
await bystander.terminate();
process.send?.(report, () => process.exit(0));

/** Whether main thread and bystander are as they were, and still call. */
async function lookAround(): Promise<unknown> {
  const { items } = await client.call('daily', {}, []);
  bystander.postMessage('look');
  const [seen] = await once(bystander, 'message');
  return {
    main: same(before, httpParts()) && environment === JSON.stringify(process.env) && items.length === 1,
    bystander: seen.untouched && seen.items.length === 1,
  };
}
