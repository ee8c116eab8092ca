/** The history as web asks for it. Postgres, and even its setting, may be missing: then the answer says so, in time. */
import type { Config } from '../config.ts';
import { ApiError, ConfigError } from '../errors.ts';
import { isRefusal } from '../store/history-tables.ts';
import { openStore, type Store } from '../store/store.ts';

/** Longest wait for a connection, and for the answer, in ms: a person waits. */
const HISTORY_TIMEOUT_MS = 2_000;

export class HistoryReader {
  readonly #config: Pick<Config, 'DATABASE_URL'>;
  #store: Store | undefined;

  constructor(config: Pick<Config, 'DATABASE_URL'>) {
    this.#config = config;
  }

  /** false: no database is set, so there never was a history. */
  get exists(): boolean {
    return this.#config.DATABASE_URL !== '';
  }

  /**
   * Does a piece of reading.
   * @throws ApiError HISTORY_UNAVAILABLE; VALIDATION_FAILED when it asks for what Postgres can't hold (a NUL, the year 0)
   */
  async ask<T>(work: (store: Store) => Promise<T>): Promise<T> {
    try {
      this.#store ??= openStore(this.#config, {
        applicationName: 'dayline:web',
        timeoutMs: HISTORY_TIMEOUT_MS,
      });
      return await work(this.#store);
    } catch (cause) {
      if (isRefusal(cause))
        throw new ApiError(
          'VALIDATION_FAILED',
          `The history can't hold what was asked for: ${cause.message}.`,
        );
      const why =
        cause instanceof ConfigError ? cause.message : 'Postgres does not answer, or is not migrated';
      throw new ApiError('HISTORY_UNAVAILABLE', `The history of tasks can't be read: ${why}.`);
    }
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }
}
