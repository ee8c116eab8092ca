/** What every axis works with: one real Redis with an append-only file, the product's queue, and processes that end. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { daylineHome } from '../../src/embedded/home.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import type { QueueRedis } from '../../src/queue/scripts.ts';
import type { NewTask } from '../../src/queue/task.ts';

const SUPERVISOR = fileURLToPath(new URL('../../src/bin/supervisor.ts', import.meta.url));
const PEER = fileURLToPath(new URL('./peers/worker.ts', import.meta.url));
const DATASETS = fileURLToPath(new URL('./datasets', import.meta.url));

export interface Process {
  readonly pid: number;
  /** What it sends over IPC. */
  readonly child: ChildProcess;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface Bench {
  readonly url: string;
  readonly redis: QueueRedis;
  readonly queue: Queue;
  /** Starts a supervisor of the product; resolves when it takes tasks. */
  supervisor(settings?: Record<string, string>): Promise<Process>;
  /** Starts a worker process of a peer (peers/worker.ts); resolves when it takes jobs. */
  peer(settings: PeerSettings): Promise<Process>;
  /** Ends what this axis started and empties Redis. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

export interface PeerSettings {
  /** In the process, in BullMQ's worker threads, or in Piscina's behind a handler. */
  kind: 'handler' | 'sandbox' | 'piscina';
  concurrency: number;
  queue?: string;
  lock_ms?: number;
}

/** Starts Redis (AOF, everysec) on an empty folder. */
export async function startBench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'dayline-bench-'));
  const binary = await findRedis(
    path.join(daylineHome(process.env.DAYLINE_HOME ?? ''), 'cache'),
    console.error,
  );
  const server = await startRedis({ dir: path.join(folder, 'redis'), binary });
  const redis = openRedis(server.url, { name: 'dayline:bench' });
  await untilReady(redis, 5_000);
  const processes = new Set<Process>();
  const start = async (file: string, env: Record<string, string>) => {
    const started = await startProcess(file, { PATH: process.env.PATH ?? '', ...env });
    processes.add(started);
    started.child.once('exit', () => processes.delete(started));
    return started;
  };
  const endProcesses = () => Promise.all([...processes].map((process) => process.kill()));
  return {
    url: server.url,
    redis,
    queue: new Queue(redis, 'stock'),
    supervisor: (settings = {}) =>
      start(SUPERVISOR, { REDIS_URL: server.url, DATASETS_PATH: DATASETS, ...settings }),
    peer: (settings) => start(PEER, { BENCH_REDIS: server.url, BENCH_PEER: JSON.stringify(settings) }),
    async clear() {
      await endProcesses();
      await redis.flushall();
    },
    async stop() {
      await endProcesses();
      redis.disconnect();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(file: string, env: Record<string, string>): Promise<Process> {
  const child = fork(file, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    gone.then(([code]) =>
      Promise.reject(new Error(`${path.basename(file)} ended at its start with ${code}`)),
    ),
  ]);
  return {
    pid: child.pid as number,
    child,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A task of a dataset in ./datasets. Its type has a number, so that there are as many types as wanted. */
export function newTask(dataset: string, type: number, more: Partial<NewTask> = {}): NewTask {
  return {
    dataset,
    mode: 'full',
    job_type: `${dataset}-${type}.full`,
    params: {},
    priority: 1,
    max_attempts: 4,
    timeout_seconds: 60,
    ...more,
  };
}

/** Submits tasks; 1,000 at a time. @returns their ids */
export async function submitAll(queue: Queue, tasks: readonly NewTask[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < tasks.length; from += 1_000) {
    const submitted = await queue.submit(tasks.slice(from, from + 1_000));
    ids.push(...submitted.map(({ task_id }) => task_id));
  }
  return ids;
}

/** Looks until it is so. @throws Error when it isn't within the time */
export async function until(what: string, withinMs: number, look: () => Promise<boolean>, everyMs = 5) {
  const end = performance.now() + withinMs;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(everyMs);
  }
}

/** Tasks of ours that have not ended. */
export async function leftOfOurs({ queue }: Bench): Promise<number> {
  const { pending, running } = await queue.depth();
  return pending + running;
}
