/** Postgres as web reads datasets in it: the ledger, the calendar, rows. It may be away: then the answer says so, in time. */
import type { Config } from '../config.ts';
import { ApiError, ConfigError } from '../errors.ts';
import { isRefusal } from '../store/history-tables.ts';
import { openStore, type Store } from '../store/store.ts';

/** Longest wait for a connection, and for the answer to a statement, in ms: planning reads the whole calendar. */
const DATA_TIMEOUT_MS = 5_000;

export class DataReader {
  readonly #config: Pick<Config, 'DATABASE_URL'>;
  #store: Store | undefined;

  constructor(config: Pick<Config, 'DATABASE_URL'>) {
    this.#config = config;
  }

  /** false: no database is set. */
  get exists(): boolean {
    return this.#config.DATABASE_URL !== '';
  }

  /**
   * Does a piece of reading.
   * @throws ApiError DATABASE_UNAVAILABLE; VALIDATION_FAILED when it asks for what Postgres can't hold; TaskError and
   * ApiError of the work as they are
   */
  async ask<T>(work: (store: Store) => Promise<T>): Promise<T> {
    try {
      this.#store ??= openStore(this.#config, {
        applicationName: 'dayline:web',
        timeoutMs: DATA_TIMEOUT_MS,
      });
      return await work(this.#store);
    } catch (cause) {
      if (cause instanceof ApiError) throw cause;
      if (isRefusal(cause))
        throw new ApiError('VALIDATION_FAILED', `Postgres can't hold what was asked for: ${cause.message}.`);
      const why =
        cause instanceof ConfigError ? cause.message : 'Postgres does not answer in time, or is not migrated';
      throw new ApiError('DATABASE_UNAVAILABLE', `What is stored can't be read: ${why}.`);
    }
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }
}
