/** A worker thread that makes calls inside a proxy scope, and tells what it saw before, during and after. */
import { once } from 'node:events';
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../../src/clock.ts';
import { loadConfig } from '../../../src/config.ts';
import { TushareClient } from '../../../src/tushare/client.ts';
import { withProxy } from '../../../src/tushare/proxy.ts';
import { proxyScope } from '../../../src/tushare/proxy-address.ts';
import { httpParts, same } from './http-parts.ts';

export interface Work {
  /** As the settings name them. */
  settings: Record<string, string>;
  /** Calls after the scope. */
  callsAfter?: number;
  /** The run throws after its call. */
  fail?: boolean;
  /** Asked by the run with node's http: a host that is not TuShare's. */
  otherUrl?: string;
}

const port = parentPort as NonNullable<typeof parentPort>;
const { settings, callsAfter = 0, fail = false, otherUrl } = workerData as Work;
const config = loadConfig({ TUSHARE_TOKEN: 'a-token', ...settings });
const permits = { acquire: async () => ({ use_by: monotonicMs() + 2_000, used: () => {} }) };

const before = httpParts();
const environment = JSON.stringify(process.env);
const report: Record<string, unknown> = { outcome: await work(), after: [] };
try {
  const client = clientOf();
  for (let i = 0; i < callsAfter; i += 1)
    (report.after as unknown[]).push((await client.call('daily', {}, [])).items);
  client.close();
} catch (error) {
  report.after = (error as Error).message;
}
report.restored = same(before, httpParts());
report.environmentUntouched = environment === JSON.stringify(process.env);
port.postMessage(report);
port.close();

/** What the run ended with: the rows of its call, or the message of its error. */
async function work(): Promise<unknown> {
  try {
    const scope = proxyScope(config);
    if (!scope) return await run();
    return await withProxy(scope, run);
  } catch (error) {
    return (error as Error).message;
  }
}

async function run(): Promise<unknown> {
  const client = clientOf();
  const { items } = await client.call('daily', {}, []);
  client.close();
  if (otherUrl) await ask(otherUrl);
  const replaced = !same(before, httpParts());
  port.postMessage({
    inside: true,
    replaced,
    environmentUntouched: environment === JSON.stringify(process.env),
  });
  await once(port, 'message');
  if (fail) throw new Error('the task failed');
  return items;
}

function clientOf(): TushareClient {
  return new TushareClient({
    baseUrl: config.TUSHARE_API_URL,
    token: config.TUSHARE_TOKEN,
    timeoutMs: config.TUSHARE_HTTP_TIMEOUT_SECONDS * 1000,
    proxy: proxyScope(config)?.proxy ?? null,
    permits,
  });
}

async function ask(url: string): Promise<void> {
  const [answer] = await once(http.get(url), 'response');
  answer.resume();
  await once(answer, 'end');
}
