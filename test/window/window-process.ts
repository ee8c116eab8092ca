/**
 * A process of `npm run test:window`: one call window, and threads that ask it for permits over their desks, as in a
 * supervisor. Its parent may tell it to kill a thread, which is replaced, or to make a burst of calls by people.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import { loadConfig } from '../../src/config.ts';
import { CallWindow } from '../../src/limits/call-window.ts';
import { createLogger } from '../../src/log.ts';
import { openRedis } from '../../src/queue/redis.ts';
import type { FromThread } from '../../src/supervisor/line.ts';
import { PermitDesk } from '../../src/supervisor/permit-desk.ts';
import type { ThreadSettings } from './window-thread.ts';

export type ToProcess = 'kill_thread';

const env = process.env;
const clockOffMs = Number(env.CLOCK_OFF_MS);
const rightNow = Date.now;
Date.now = () => rightNow() + clockOffMs;

const config = loadConfig();
const log = createLogger(env.PROCESS_NAME ?? 'window', 'error');
const window = new CallWindow(openRedis(config.REDIS_URL, { name: 'window-test' }), config, log, {
  process: env.PROCESS_NAME ?? 'window',
});
await window.start();

const threads: { worker: Worker; desk: PermitDesk }[] = [];

function startThread(): void {
  const { port1: ours, port2: port } = new MessageChannel();
  const desk = new PermitDesk(window, (message) => ours.postMessage(message), log);
  ours.on('message', (message: FromThread) => {
    if (message.type === 'permit_wanted') void desk.wanted(message);
    if (message.type === 'permit_used') desk.used(message.request, message.cut_short, message.answer);
    if (message.type === 'permit_unwanted') desk.unwanted(message.request);
  });
  const settings: ThreadSettings = {
    port,
    url: env.SIMULATOR_URL ?? '',
    inFlight: Number(env.IN_FLIGHT),
    clockOffMs,
    everyMs: Number(env.EVERY_MS),
  };
  const worker = new Worker(new URL('./window-thread.ts', import.meta.url), {
    workerData: settings,
    transferList: [port],
  });
  worker.on('message', (report) => process.send?.(report));
  threads.push({ worker, desk });
}

for (let i = 0; i < Number(env.THREADS); i += 1) startThread();
process.on('message', async (message: ToProcess) => {
  if (message !== 'kill_thread') return;
  const killed = threads.shift();
  if (!killed) return;
  await killed.worker.terminate();
  killed.desk.close();
  startThread();
});
process.send?.('ready');
