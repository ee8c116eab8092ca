/** The bounded place between the calls that fetch units and the one writer that stores them in batches. */
import type { FetchedUnit } from './fetch-unit.ts';

export interface BatchLimits {
  units: number;
  rows: number;
  /** Longest that a fetched unit waits for company. */
  waitMs: number;
}

export class Inbox {
  readonly #units: FetchedUnit[] = [];
  readonly #roomForRows: number;
  #rows = 0;
  #firstAt = 0;
  #closed = false;
  #hurried = false;
  #changed = Promise.withResolvers<void>();

  /** @param roomForRows rows that may wait here before fetching pauses: what bounds a run's memory. */
  constructor(roomForRows: number) {
    this.#roomForRows = roomForRows;
  }

  /** Resolves when another unit may be fetched. */
  async room(): Promise<void> {
    while (this.#rows >= this.#roomForRows && !this.#closed) await this.#changed.promise;
  }

  /** Takes a fetched unit in; one that comes after the close is dropped. */
  put(unit: FetchedUnit): void {
    if (this.#closed) return;
    if (this.#units.length === 0) this.#firstAt = performance.now();
    this.#units.push(unit);
    this.#rows += unit.rows;
    this.#change();
  }

  /** No unit will come any more: what is here still goes out. */
  close(): void {
    this.#closed = true;
    this.#change();
  }

  /** Time is short: what is here goes out now, and what still comes at once. */
  hurry(): void {
    this.#hurried = true;
    this.#change();
  }

  /** The next batch, when a limit is reached or nothing more will come; null at the end. */
  async nextBatch(limits: BatchLimits): Promise<FetchedUnit[] | null> {
    while (!this.#isReady(limits)) {
      if (this.#closed && this.#units.length === 0) return null;
      await this.#changeOrTimeout(limits.waitMs);
    }
    return this.#take(limits);
  }

  #isReady(limits: BatchLimits): boolean {
    if (this.#units.length === 0) return false;
    return (
      this.#closed ||
      this.#hurried ||
      this.#units.length >= limits.units ||
      this.#rows >= limits.rows ||
      performance.now() - this.#firstAt >= limits.waitMs
    );
  }

  /**
   * As many units as the limits allow, one at least; all of one dataset and with the same columns, so that one COPY
   * takes them.
   */
  #take(limits: BatchLimits): FetchedUnit[] {
    const batch: FetchedUnit[] = [];
    const left: FetchedUnit[] = [];
    let rows = 0;
    let columns: string | undefined;
    const dataset = this.#units[0]?.unit.dataset;
    for (const unit of this.#units) {
      const fits = batch.length === 0 || (batch.length < limits.units && rows + unit.rows <= limits.rows);
      const own = unit.rows > 0 ? unit.columns.join() : undefined;
      if (!fits || unit.unit.dataset !== dataset || (columns && own && own !== columns)) {
        left.push(unit);
        continue;
      }
      columns ??= own;
      batch.push(unit);
      rows += unit.rows;
    }
    this.#units.splice(0, this.#units.length, ...left);
    this.#rows -= rows;
    this.#firstAt = performance.now();
    this.#change();
    return batch;
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async #changeOrTimeout(waitMs: number): Promise<void> {
    const timed = Promise.withResolvers<void>();
    const due = this.#units.length > 0 ? Math.max(1, this.#firstAt + waitMs - performance.now()) : waitMs;
    const timer = setTimeout(timed.resolve, due);
    await Promise.race([this.#changed.promise, timed.promise]);
    clearTimeout(timer);
  }
}
