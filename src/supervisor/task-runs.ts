/** The tasks that this supervisor holds at the moment, from claim to the reported end. */
import type { TaskRun } from './task-run.ts';

export class TaskRuns {
  #runs = new Set<TaskRun>();
  #idle: (() => void)[] = [];
  #first: () => void = () => {};

  get size(): number {
    return this.#runs.size;
  }

  /** How many of high priority have a thread, or are about to: not those that are over, whose thread is free. */
  get high(): number {
    return this.all().filter((run) => run.task.priority === 0 && !run.over).length;
  }

  all(): TaskRun[] {
    return [...this.#runs];
  }

  /** Whose slot counts as free: one of them at most, so that no more than one thread more than slots has a task. */
  get leaving(): TaskRun | undefined {
    for (const run of this.#runs) if (run.leaving) return run;
    return undefined;
  }

  /** Those whose leases are renewed: of each task one at most. */
  held(): TaskRun[] {
    return this.all().filter((run) => !run.leaseLost);
  }

  /** A task that is claimed again while a run of it is still here: that run has lost its lease, and ends. */
  add(run: TaskRun): void {
    const { task_id } = run.task;
    for (const earlier of this.held()) if (earlier.task.task_id === task_id) earlier.stop('lease_lost');
    if (this.#runs.size === 0) this.#first();
    this.#runs.add(run);
  }

  /** Is told when something is held again after nothing was. */
  onFirst(tell: () => void): void {
    this.#first = tell;
  }

  remove(run: TaskRun): void {
    this.#runs.delete(run);
    if (this.#runs.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async extendLocks(): Promise<void> {
    await Promise.all(this.all().map((run) => run.extendLock()));
  }

  /** Resolves when nothing is held any more. */
  untilIdle(): Promise<void> {
    if (this.#runs.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}
