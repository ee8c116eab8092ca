/**
 * Who keeps a window of `limit` calls in `windowMs` over four processes. Each contestant is four limiters that share
 * one Redis (or nothing, for the seeds' own), as four processes would have them; all run in this one, so that one
 * clock judges.
 */
import { setTimeout as delay } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { CallWindow } from '../../src/limits/call-window.ts';

export const PROCESSES = 4;

export interface Window {
  limit: number;
  windowMs: number;
}

/** One process: calls `work` whenever it may, with so many at once, until `over` says so. */
export interface Caller {
  run(inFlight: number, work: () => Promise<void>, over: () => boolean): Promise<void>;
  /** Takes one permit for a call that takes no time; undefined: it has none that stands alone, only jobs. */
  permit?: () => Promise<unknown>;
  stop(): Promise<void>;
}

export type Contestant = (url: string, window: Window) => Promise<Caller>;

export const CONTESTANTS: Record<string, Contestant> = {
  dayline,
  'Bottleneck 2.19.5 reservoir': bottleneck,
  'BullMQ 6.7.0 limiter': bullmq,
  'rate-limiter-flexible 11.4.0': flexible,
  'sliding window per process': async (_url, window) => ownWindow(window),
};

export async function dayline(url: string, { limit, windowMs }: Window): Promise<Caller> {
  const client = new Redis(url);
  const config = loadConfig({
    TUSHARE_RATE_LIMIT_MAX_CALLS: String(limit),
    TUSHARE_RATE_LIMIT_WINDOW_SECONDS: String(windowMs / 1000),
    TUSHARE_HTTP_TIMEOUT_SECONDS: '1',
  });
  const window = new CallWindow(client, config, pino({ level: 'silent' }));
  await window.start();
  const acquire = async () => {
    const permit = await window.acquire('daily');
    return () => permit.used();
  };
  return {
    run: (inFlight, work, over) => loops(inFlight, acquire, work, over),
    permit: async () => (await acquire())(),
    async stop() {
      await window.stop();
      client.disconnect();
    },
  };
}

async function bottleneck(url: string, { limit, windowMs }: Window): Promise<Caller> {
  const client = new Redis(url);
  const connection = new Bottleneck.IORedisConnection({ client, Redis });
  const limiter = new Bottleneck({
    connection,
    id: 'reservoir',
    reservoir: limit,
    reservoirRefreshAmount: limit,
    reservoirRefreshInterval: windowMs,
    heartbeatInterval: 250, // its refresh comes with a heartbeat: at 5 s a window of 6 s would be half lost
  });
  limiter.on('error', () => {});
  await limiter.ready();
  return {
    run: (inFlight, work, over) =>
      loops(
        inFlight,
        async () => () => {},
        () => limiter.schedule(work),
        over,
      ),
    permit: () => limiter.schedule(async () => {}),
    stop: () => connection.disconnect(false),
  };
}

/** The part of BullMQ that is used here. */
interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => { addBulk(jobs: object[]): Promise<unknown>; close(): Promise<void> };
  Worker: new (
    name: string,
    work: () => Promise<void>,
    options: object,
  ) => { close(force: boolean): Promise<void>; on(event: string, listener: () => void): void };
}

async function bullmq(url: string, { limit, windowMs }: Window): Promise<Caller> {
  const { Queue, Worker } = (await import('bullmq')) as unknown as BullMq;
  const connection = { url };
  const queue = new Queue('window', { connection, defaultJobOptions: { removeOnComplete: true } });
  const jobs = Array.from({ length: 1_500 }, () => ({ name: 'call', data: {} }));
  await queue.addBulk(jobs); // each of the four adds as many, which together is more than a run can make
  let worker: InstanceType<BullMq['Worker']> | undefined;
  return {
    async run(inFlight, work, over) {
      const options = { connection, concurrency: inFlight, limiter: { max: limit, duration: windowMs } };
      worker = new Worker('window', async () => (over() ? undefined : work()), options);
      worker.on('error', () => {});
      while (!over()) await delay(20);
      await worker.close(true);
    },
    stop: () => queue.close(),
  };
}

async function flexible(url: string, { limit, windowMs }: Window): Promise<Caller> {
  const name = 'rate-limiter-flexible'; // installed for the benchmarks alone, so the type check must not look for it
  const { RateLimiterRedis } = (await import(name)) as {
    RateLimiterRedis: new (options: object) => { consume(key: string): Promise<unknown> };
  };
  const storeClient = new Redis(url);
  const limiter = new RateLimiterRedis({ storeClient, points: limit, duration: windowMs / 1000 });
  const acquire = async () => {
    for (;;) {
      try {
        await limiter.consume('token');
        return () => {};
      } catch (refused) {
        await delay((refused as { msBeforeNext?: number }).msBeforeNext ?? 50);
      }
    }
  };
  return {
    run: (inFlight, work, over) => loops(inFlight, acquire, work, over),
    permit: acquire,
    stop: async () => storeClient.disconnect(),
  };
}

/** What the seeds had: a queue of timestamps in every process. */
function ownWindow({ limit, windowMs }: Window): Caller {
  const calls: number[] = [];
  const acquire = async () => {
    for (;;) {
      const now = performance.now();
      while ((calls[0] ?? now) <= now - windowMs) calls.shift();
      if (calls.length < limit) break;
      await delay((calls[0] ?? now) + windowMs - now + 1);
    }
    calls.push(performance.now());
    return () => {};
  };
  return {
    run: (inFlight, work, over) => loops(inFlight, acquire, work, over),
    permit: acquire,
    stop: async () => {},
  };
}

async function loops(
  inFlight: number,
  acquire: () => Promise<() => void>,
  work: () => Promise<void>,
  over: () => boolean,
): Promise<void> {
  const loop = async () => {
    while (!over()) {
      const ended = await acquire();
      if (!over()) await work();
      ended();
    }
  };
  const all = Promise.all(Array.from({ length: inFlight }, loop));
  all.catch(() => {}); // a limiter that is stopped refuses those that wait
  while (!over()) await delay(20);
}
