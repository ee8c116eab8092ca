/**
 * Until when calls to TuShare were made, in Postgres: what a Redis that was emptied has forgotten (design § 5). One row,
 * written every few seconds while calls are made, and ahead of them: `calls_until` lies in the future as long as a
 * process may still call without writing again. Only a hint beside the work: no call waits for it.
 */
import { DatabaseError } from 'pg';
import type { Service } from '../actors/service.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { openStore, type Store } from './store.ts';

/** Written this often at most, and for this long ahead. In ms. */
const AHEAD_MS = 10_000;
const WRITE_EVERY_MS = AHEAD_MS / 2;
/** Longest wait for a connection, and for a statement. In ms. */
const POSTGRES_TIMEOUT_MS = 5_000;
const UNDEFINED_TABLE = '42P01';

export class CallTimes implements Service {
  readonly name = 'call-times';
  #config: Config;
  #supervisorId: string;
  #log: Logger;
  #store: Store | undefined;
  #written = Number.NEGATIVE_INFINITY;
  #failed = false;

  constructor(config: Config, supervisorId: string, log: Logger) {
    this.#config = config;
    this.#supervisorId = supervisorId;
    this.#log = log;
  }

  async start(): Promise<void> {
    if (!this.#config.DATABASE_URL) return;
    const applicationName = `dayline:calls:${this.#supervisorId}`;
    this.#store ??= openStore(this.#config, { applicationName, timeoutMs: POSTGRES_TIMEOUT_MS });
  }

  async stop(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    await store?.close();
  }

  /** Calls are being made now. */
  note(): void {
    if (!this.#store || monotonicMs() - this.#written < WRITE_EVERY_MS) return;
    this.#written = monotonicMs();
    void this.#write(this.#store);
  }

  /**
   * ms since the last call by the clock of Postgres, below 0 while some may still come; null: none is recorded.
   * @throws the database's error
   */
  async sinceLastMs(): Promise<number | null> {
    if (!this.#store) return null;
    try {
      const { rows } = await this.#store.pool.query<{ since: number }>(
        `SELECT (extract(epoch FROM clock_timestamp() - calls_until) * 1000)::double precision AS since
         FROM call_times WHERE window_key = $1`,
        [this.#config.REDIS_KEY_PREFIX],
      );
      return rows[0]?.since ?? null;
    } catch (error) {
      // Before the first migration nothing can have been called.
      if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return null;
      throw error;
    }
  }

  async #write({ pool }: Store): Promise<void> {
    try {
      await pool.query(
        `INSERT INTO call_times VALUES ($1, clock_timestamp() + make_interval(secs => $2))
         ON CONFLICT (window_key) DO UPDATE SET calls_until = greatest(call_times.calls_until, EXCLUDED.calls_until)`,
        [this.#config.REDIS_KEY_PREFIX, AHEAD_MS / 1000],
      );
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#log.warn({ err: error }, 'the time of the newest call could not be recorded');
      this.#failed = true;
    }
  }
}
