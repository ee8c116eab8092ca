/** Who waits for a slot in this process: people before jobs, first come first served among equals. */
export class WaitingLine<Waiter> {
  /** People that ask again, people, jobs that ask again, jobs. Sets, because anybody may leave from the middle. */
  #lines = [new Set<Waiter>(), new Set<Waiter>(), new Set<Waiter>(), new Set<Waiter>()] as const;

  get people(): number {
    return this.#lines[0].size + this.#lines[1].size;
  }

  get jobs(): number {
    return this.#lines[2].size + this.#lines[3].size;
  }

  get size(): number {
    return this.people + this.jobs;
  }

  /** @param again it had waited before, and goes before all that did not */
  join(waiter: Waiter, person: boolean, again: boolean): void {
    const [peopleAgain, people, jobsAgain, jobs] = this.#lines;
    if (person) (again ? peopleAgain : people).add(waiter);
    else (again ? jobsAgain : jobs).add(waiter);
  }

  /** Leaving twice is harmless. */
  leave(waiter: Waiter): void {
    for (const line of this.#lines) line.delete(waiter);
  }

  first(): Waiter | undefined {
    return this.#lines
      .find((line) => line.size > 0)
      ?.values()
      .next().value;
  }
}
