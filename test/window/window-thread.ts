/**
 * A thread that calls the simulator as a task would: TuShare client, permits over the line to its process. With
 * `everyMs` it is a person: one call at a time, so often. Tells its process of every call: who made it, how long its
 * permit was waited for, and when it was last checked that the permit may be used.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type MessagePort, parentPort, threadId, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../src/clock.ts';
import type { Permit, PermitSource } from '../../src/limits/permit.ts';
import { createLogger } from '../../src/log.ts';
import type { ToTask } from '../../src/supervisor/line.ts';
import { TushareClient } from '../../src/tushare/client.ts';
import { ThreadLine } from '../../workers/thread-line.ts';

export interface ThreadSettings {
  port: MessagePort;
  url: string;
  inFlight: number;
  clockOffMs: number;
  /** A person: pause between its calls; 0: a job that calls as much as it may. */
  everyMs: number;
}

/** What is told of a call that has ended. `id`, `<pid>-<thread>-<number>`, stands in the params of the call, and so in the simulator's log. */
export interface CallReport {
  id: string;
  waitedMs: number;
  /** Monotonic ms: the last check of the permit before the call was written, and the end of the call. */
  checkedAt: number;
  endedAt: number;
}

const { port, url, inFlight, clockOffMs, everyMs } = workerData as ThreadSettings;
const rightNow = Date.now;
Date.now = () => rightNow() + clockOffMs;

const line = new ThreadLine((message) => port.postMessage(message));
port.on('message', (message: ToTask) => line.hear(message));
const log = createLogger('window-thread', 'error');
let calls = 0;

/** The line, with a note of when each permit was asked for and last checked. */
function noting(note: { waitedMs: number; checkedAt: number }): PermitSource {
  return {
    async acquire(api_name, options) {
      const asked = monotonicMs();
      const permit = await line.acquire(api_name, options);
      note.waitedMs = monotonicMs() - asked;
      return {
        get use_by() {
          note.checkedAt = monotonicMs();
          return permit.use_by;
        },
        ...(permit.use_by_wall === undefined ? {} : { use_by_wall: permit.use_by_wall }),
        used: (cutShort, answer) => permit.used(cutShort, answer),
      } satisfies Permit;
    },
  };
}

async function callOnce(interactive: boolean): Promise<void> {
  const note = { waitedMs: 0, checkedAt: 0 };
  const options = { baseUrl: url, token: 'window-test', timeoutMs: 30_000, interactive, log };
  const client = new TushareClient({ ...options, permits: noting(note) });
  const id = `${process.pid}-${threadId}-${++calls}`;
  try {
    const params = { exchange: 'SSE', start_date: '20190101', end_date: '20190110', id };
    await client.call('trade_cal', params, ['cal_date']);
    parentPort?.postMessage({ id, ...note, endedAt: monotonicMs() } satisfies CallReport);
  } finally {
    client.close();
  }
}

async function callForEver(): Promise<never> {
  for (;;) {
    // A window that is closed for long gives the thread back; here it asks again.
    await callOnce(everyMs > 0).catch(() => delay(100));
    if (everyMs > 0) await delay(everyMs * (0.5 + Math.random()));
  }
}

for (let i = 0; i < inFlight; i += 1) void callForEver();
