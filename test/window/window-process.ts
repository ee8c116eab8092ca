/**
 * A process of `npm run test:window`: one call window, and threads that ask it for permits over their desks, as in a
 * supervisor. Its parent may tell it to kill a thread, which is replaced, or to make a burst of calls by people.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import { monotonicMs } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { CallWindow } from '../../src/limits/call-window.ts';
import { SlotTimes } from '../../src/limits/slot-times.ts';
import { createLogger } from '../../src/log.ts';
import { openRedis } from '../../src/queue/redis.ts';
import type { FromThread, ToTask } from '../../src/supervisor/line.ts';
import { PermitDesk } from '../../src/supervisor/permit-desk.ts';
import type { Holding } from './lost-slots.ts';
import type { CallReport, ThreadSettings } from './window-thread.ts';

export type ToProcess = 'kill_thread';
/** Its window is open; a call of a thread has ended; a thread was killed, which held this. */
export type FromProcess = 'ready' | CallReport | Holding;

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

interface Thread {
  worker: Worker;
  desk: PermitDesk;
  /** use_by of the permits that it has, by the request. */
  permits: Map<number, number>;
}

const times = new SlotTimes(
  config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000,
  config.TUSHARE_HTTP_TIMEOUT_SECONDS * 1000,
);
const threads: Thread[] = [];

function startThread(): void {
  const { port1: ours, port2: port } = new MessageChannel();
  const permits = new Map<number, number>();
  const answer = (message: ToTask) => {
    if (message.type === 'permit_granted') permits.set(message.request, message.use_by);
    ours.postMessage(message);
  };
  const desk = new PermitDesk(window, answer, log);
  ours.on('message', (message: FromThread) => {
    if (message.type === 'permit_used') permits.delete(message.request);
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
  worker.on('message', (report: CallReport) => tell(report));
  threads.push({ worker, desk, permits });
}

for (let i = 0; i < Number(env.THREADS); i += 1) startThread();
process.on('message', async (message: ToProcess) => {
  if (message !== 'kill_thread') return;
  const killed = threads.shift();
  if (!killed) return;
  const calls = `${process.pid}-${killed.worker.threadId}-`;
  await killed.worker.terminate();
  killed.desk.close();
  const at = monotonicMs();
  tell({ calls, at, slots: [...killed.permits.values()].map((use_by) => times.cutShortHoldMs(use_by, at)) });
  startThread();
});
tell('ready');

function tell(message: FromProcess): void {
  process.send?.(message);
}
