/** The product as it runs: a supervisor, its queue, its database, and a TuShare that answers at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { loadConfig } from '../../src/config.ts';
import { daylineHome, makeWalkable } from '../../src/embedded/home.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { endLeftoversBelow } from '../../src/embedded/server-process.ts';
import { Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { migrate } from '../../src/store/migrate.ts';
import { codeOf, daysOf } from './market.ts';

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const RUN_WITHIN_MS = 280_000;

export interface Ingested {
  rows: number;
  seconds: number;
}

export class Pipeline {
  readonly #children = new Set<ChildProcess>();
  readonly #redis;
  readonly #servers: { stop(): Promise<void> }[];
  readonly folder: string;
  readonly database: pg.Client;
  readonly databaseUrl: string;
  readonly #redisUrl: string;
  apiUrl = '';
  #stocks = 0;

  private constructor(
    folder: string,
    redisUrl: string,
    databaseUrl: string,
    servers: { stop(): Promise<void> }[],
  ) {
    this.folder = folder;
    this.#servers = servers;
    this.#redisUrl = redisUrl;
    this.databaseUrl = databaseUrl;
    this.#redis = openRedis(redisUrl, { name: 'dayline:bench' });
    this.database = new pg.Client({ connectionString: databaseUrl });
  }

  /** Starts Redis and Postgres as `npm start` does, and makes the tables. */
  static async start(): Promise<Pipeline> {
    const folder = makeWalkable(mkdtempSync(path.join(tmpdir(), 'dayline-ingest-')));
    const cache = path.join(makeWalkable(daylineHome(process.env.DAYLINE_HOME ?? '')), 'cache');
    const binary = await findRedis(cache, console.error);
    const redis = await startRedis({ dir: path.join(folder, 'redis'), binary });
    const postgres = await startPostgres({ home: path.join(folder, 'home'), cache });
    const pipeline = new Pipeline(folder, redis.url, postgres.url, [redis, postgres]);
    await untilReady(pipeline.#redis, 5_000);
    await migrate(loadConfig({ DATABASE_URL: postgres.url, DATASETS_PATH: fileOf('./datasets') }));
    await pipeline.database.connect();
    return pipeline;
  }

  /** Fills calendar and stock list, and starts a TuShare with so many stocks a day. */
  async open(stocks: number, days: number): Promise<void> {
    await this.#end();
    this.#stocks = stocks;
    const dates = daysOf(days);
    await this.database.query('TRUNCATE trade_cal, stock_basic');
    await this.database.query(
      `INSERT INTO trade_cal (exchange, cal_date, is_open)
       SELECT 'SSE', day, (day <= $2)::int FROM generate_series($1::date, '2030-12-31'::date, '1 day') AS day`,
      [dates[0], dates.at(-1)],
    );
    await this.database.query(
      `INSERT INTO stock_basic (ts_code, list_status, list_date) SELECT code, 'L', '1991-01-01' FROM unnest($1::text[]) AS code`,
      [Array.from({ length: stocks }, (_, stock) => codeOf(stock))],
    );
    const [{ url }] = await this.#fork('./answers.ts', { BENCH_STOCKS: String(stocks) });
    this.apiUrl = url;
  }

  /** Starts a supervisor. @returns its process id */
  async supervisor(threads: number, env: Record<string, string> = {}): Promise<number> {
    const settings = {
      REDIS_URL: this.#redisUrl,
      DATABASE_URL: this.databaseUrl,
      DATASETS_PATH: fileOf('./datasets'),
      TUSHARE_API_URL: this.apiUrl,
      TUSHARE_TOKEN: 'bench',
      TUSHARE_RATE_LIMIT_MAX_CALLS: '10000',
      SUPERVISOR_THREADS: String(threads),
      ...env,
    };
    const [, child] = await this.#fork('../../src/bin/supervisor.ts', settings);
    return child.pid as number;
  }

  /** Has datasets fetch the first so many days, all at once. @returns the rows of all, from the first start to the last end */
  async ingest(datasets: readonly string[], days: number): Promise<Ingested> {
    const dates = daysOf(days);
    const params = { start_date: dates[0] ?? '', end_date: dates.at(-1) ?? '' };
    const queue = new Queue(this.#redis, 'stock');
    const submitted = await queue.submit(
      datasets.map((dataset) => ({
        dataset,
        mode: 'history',
        job_type: `${dataset}.history`,
        params,
        priority: 1,
        max_attempts: 1,
        timeout_seconds: 600,
      })),
    );
    const tasks = await Promise.all(submitted.map(({ task_id }) => ended(queue, task_id)));
    const rows = tasks.reduce((sum, task) => sum + task.records_processed, 0);
    if (rows !== days * this.#stocks * datasets.length) throw new Error(`${rows} rows were stored`);
    const first = Math.min(...tasks.map((task) => Number(task.started_at)));
    const last = Math.max(...tasks.map((task) => Number(task.completed_at)));
    return { rows, seconds: (last - first) / 1000 };
  }

  /** Empties the tables of bars; the ledger too, unless it shall know their partitions. */
  async empty(ledger: 'emptied' | 'kept'): Promise<void> {
    await this.database.query('TRUNCATE bars_one, bars_two');
    if (ledger === 'emptied') await this.database.query(`DELETE FROM coverage WHERE dataset LIKE 'bars%'`);
    await this.database.query('CHECKPOINT');
  }

  async stop(): Promise<void> {
    await this.#end();
    this.#redis.disconnect();
    await this.database.end();
    for (const server of this.#servers) await server.stop();
    await endLeftoversBelow(this.folder, /^(redis|valkey|postgres)/);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends the supervisors, and waits until their leases are over. */
  async endSupervisors(): Promise<void> {
    const supervisors = [...this.#children].filter((child) =>
      child.spawnargs.some((arg) => arg.includes('supervisor')),
    );
    await Promise.all(supervisors.map((child) => this.#terminate(child)));
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.#terminate(child)));
  }

  async #terminate(child: ChildProcess): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    this.#children.delete(child);
  }

  async #fork(file: string, env: Record<string, string>): Promise<[{ url: string }, ChildProcess]> {
    const child = fork(fileOf(file), {
      env: { PATH: process.env.PATH ?? '', ...env },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#children.add(child);
    const [message] = await once(child, 'message');
    return [message, child];
  }

  /** Most memory so far, in MB: of the process, and of the heap of any of its threads. */
  memory(pid: number, heaps: string): { rss_mb: number; heap_mb: number } {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rssKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
    const heap = Math.max(
      0,
      ...readdirSync(heaps).map((name) => Number(readFileSync(path.join(heaps, name), 'utf8'))),
    );
    return { rss_mb: rssKb / 1024, heap_mb: heap / 1024 ** 2 };
  }

  /** A folder below that of the run. */
  subfolder(name: string): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

async function ended(queue: Queue, task_id: string) {
  const end = performance.now() + RUN_WITHIN_MS;
  for (;;) {
    const task = await queue.get(task_id);
    if (task?.status === 'completed') return task;
    if (task?.status === 'failed' || performance.now() > end)
      throw new Error(`the task is ${task?.status}: ${task?.error_message}`);
    await delay(20);
  }
}
