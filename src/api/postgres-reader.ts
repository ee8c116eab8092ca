/** Postgres as web asks it. It, and even its setting, may be missing: then the answer says so, in time. */

import { ApiError, type ApiErrorCode, ConfigError } from '../errors.ts';
import type { DatabaseSettings } from '../store/connection.ts';
import { isRefusal } from '../store/history-tables.ts';
import { openStore, type Store } from '../store/store.ts';

/** How it is told that nothing can be read. */
export interface UnreadWords {
  code: ApiErrorCode;
  /** What can't be done, e.g. `The history of tasks can't be read`. */
  fault: string;
  /** Why, where Postgres is set but does not answer. */
  silent: string;
  /** Who can't hold what was asked for. */
  holder: string;
}

export class PostgresReader {
  readonly #config: DatabaseSettings;
  readonly #timeoutMs: number;
  readonly #words: UnreadWords;
  #store: Store | undefined;

  /** @param timeoutMs longest wait for a connection, and for the answer to a statement */
  constructor(config: DatabaseSettings, timeoutMs: number, words: UnreadWords) {
    this.#config = config;
    this.#timeoutMs = timeoutMs;
    this.#words = words;
  }

  /** false: no database is set. */
  get exists(): boolean {
    return this.#config.DATABASE_URL !== '';
  }

  /**
   * Does a piece of reading.
   * @param words for this piece, where they differ from those of the reader
   * @throws ApiError of the words; VALIDATION_FAILED when it asks for what Postgres can't hold (a NUL, the year 0); an
   * ApiError of the work as it is
   */
  async ask<T>(work: (store: Store) => Promise<T>, words: UnreadWords = this.#words): Promise<T> {
    try {
      this.#store ??= openStore(this.#config, {
        applicationName: 'dayline:web',
        timeoutMs: this.#timeoutMs,
      });
      return await work(this.#store);
    } catch (cause) {
      if (cause instanceof ApiError) throw cause;
      if (isRefusal(cause))
        throw new ApiError(
          'VALIDATION_FAILED',
          `${words.holder} can't hold what was asked for: ${cause.message}.`,
        );
      const why = cause instanceof ConfigError ? cause.message : words.silent;
      throw new ApiError(words.code, `${words.fault}: ${why}.`);
    }
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }
}
