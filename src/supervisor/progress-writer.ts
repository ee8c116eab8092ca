/** Writes the progress of one task to Redis, at most a few times a second: only the newest word counts. */
import { setTimeout as delay } from 'node:timers/promises';

/** A person sees no difference below this, and every write costs a script call. In ms. */
const PERIOD_MS = 250;

export interface Progress {
  progress: number;
  records_processed: number;
  message: string | null;
}

export class ProgressWriter {
  #write: (progress: Progress) => Promise<void>;
  #newest: Progress | undefined;
  #writing: Promise<void> | undefined;
  #ended = new AbortController();

  /** @param write stores one progress; it must not reject. */
  constructor(write: (progress: Progress) => Promise<void>) {
    this.#write = write;
  }

  note(progress: Progress): void {
    this.#newest = progress;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when the newest progress is written; nothing is written after it. */
  async end(): Promise<void> {
    if (!this.#writing) return;
    this.#ended.abort();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#newest) {
      const progress = this.#newest;
      this.#newest = undefined;
      await this.#write(progress);
      await delay(PERIOD_MS, undefined, { signal: this.#ended.signal }).catch(() => {});
    }
  }
}
