/**
 * Who of those in line at a thread has begun: memory that is shared with the thread. A run's cell holds its number
 * while it waits. The thread turns it negative as it begins the run, its supervisor to 0 as it takes the run back:
 * whoever comes first. Numbers are never used twice, so an old run can't be taken for one that got its cell later.
 */

/** Longer than any line: two runs in one line never share a cell. */
const CELLS = 256;

export class BeginCells {
  readonly shared: Int32Array<SharedArrayBuffer>;

  /** @param shared in the thread: the memory that its supervisor made */
  constructor(shared = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT))) {
    this.shared = shared;
  }

  /** A run stands in line now. @param run 1, 2, 3, … */
  wait(run: number): void {
    Atomics.store(this.shared, run % CELLS, run);
  }

  /** In the thread. @returns whether the run may begin: false when it was taken back */
  begin(run: number): boolean {
    return Atomics.compareExchange(this.shared, run % CELLS, run, -run) === run;
  }

  /** @returns whether the run will never begin: false when it has begun */
  withdraw(run: number): boolean {
    return Atomics.compareExchange(this.shared, run % CELLS, run, 0) === run;
  }
}
