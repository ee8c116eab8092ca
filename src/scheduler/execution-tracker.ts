/**
 * Follows the tasks of jobs to their ends and writes the log of runs (R68, R78): RUNNING when a task is first seen to
 * run, then SUCCESS or FAILED with `Type: message`, over retries, hand-overs and the deaths of supervisors. It looks
 * from outside, so nothing of it touches a run (R69), and it keeps nothing: whoever looks next finds the firings whose
 * end is not written, and goes on. One whose task nobody knows any more is closed as interrupted.
 */
import type { Logger } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import { type Task, TERMINAL_STATUSES } from '../queue/task.ts';
import type { Store } from '../store/store.ts';
import { taskFromHistory } from '../store/task-history.ts';
import type { Ended, ExecutionLog } from './execution-log.ts';
import type { Firing, Firings } from './firings.ts';

/** A task that failed can be run again by hand for as long as Redis has it. */
const RETRIED_WITHIN_DAYS = 7;
const RETRIES_LOOKED_AT = 200;

export interface TrackerParts {
  queue: Pick<Queue, 'getMany'>;
  store: Store;
  firings: Firings;
  log: ExecutionLog;
  /** What a run brought, for the log; null: nothing to tell. */
  reportOf(task: Task, firing: Firing): Promise<Record<string, unknown> | null>;
  /** A run has ended, and stands in the log. Must not throw. */
  onEnd(end: Ended): void;
  logger: Logger;
}

export class ExecutionTracker {
  readonly #parts: TrackerParts;
  /** Tasks whose RUNNING row is known to stand. */
  #running = new Set<string>();

  constructor(parts: TrackerParts) {
    this.#parts = parts;
  }

  /** Looks once at every run whose end is not written. @throws what Redis or Postgres throw: it is made up for later */
  async look(): Promise<void> {
    const { queue, firings } = this.#parts;
    const open = await firings.enqueued();
    const tasks = await queue.getMany(open.map(({ task_id }) => task_id));
    for (const [n, firing] of open.entries()) await this.#follow(firing, tasks[n] ?? null);
  }

  /** Runs that nobody follows, from a time when what wrote them was killed. */
  async closeInterrupted(): Promise<void> {
    const closed = await this.#parts.log.closeInterrupted();
    if (closed > 0)
      this.#parts.logger.warn({ runs: closed }, 'runs that were interrupted are closed in the log');
  }

  /** A task that failed and was run again by hand is followed as a run of its job too. */
  async findRetries(): Promise<void> {
    const { queue, firings, log } = this.#parts;
    const failed = await log.failedTasks(RETRIED_WITHIN_DAYS, RETRIES_LOOKED_AT);
    const tasks = await queue.getMany(failed.map(({ task_id }) => task_id));
    for (const [n, { job_id }] of failed.entries()) {
      const again = tasks[n]?.retried_as;
      if (again) await firings.note(job_id, again, 'retry');
    }
  }

  async #follow(firing: Firing, known: Task | null): Promise<void> {
    const { job_id, task_id } = firing;
    const task = known ?? (await taskFromHistory(this.#parts.store, task_id));
    if (!task) return this.#end(firing, interrupted(firing), null);
    if (TERMINAL_STATUSES.includes(task.status)) return this.#end(firing, endOf(firing, task), task);
    if (task.started_at === null || this.#running.has(task_id)) return;
    await this.#parts.log.create({ job_id, task_id, started_at: task.started_at });
    this.#running.add(task_id);
  }

  async #end(firing: Firing, end: Ended, task: Task | null): Promise<void> {
    const { task_id } = firing;
    const { log, firings, onEnd } = this.#parts;
    const report = task ? await this.#report(task, firing) : null;
    const news = await log.update({ ...end, report });
    await firings.setEnded(task_id);
    this.#running.delete(task_id);
    if (news) onEnd({ ...end, report });
  }

  async #report(task: Task, firing: Firing): Promise<Record<string, unknown> | null> {
    try {
      return await this.#parts.reportOf(task, firing);
    } catch (error) {
      this.#parts.logger.error(
        { err: error, task_id: task.task_id },
        'the report of a run could not be made',
      );
      return null;
    }
  }
}

function endOf({ job_id, task_id }: Firing, task: Task): Ended {
  const finished_at = task.completed_at ?? task.updated_at;
  const run = { job_id, task_id, started_at: task.started_at ?? finished_at, finished_at, report: null };
  if (task.status === 'completed') return { ...run, status: 'SUCCESS', error_message: null };
  const error_message =
    task.status === 'cancelled'
      ? `cancelled: ${task.started_at === null ? 'before it began' : 'while it ran'}`
      : `${task.last_error_type ?? 'internal'}: ${task.error_message ?? 'no message'}`;
  return { ...run, status: 'FAILED', error_message };
}

function interrupted({ job_id, task_id, due_at }: Firing): Ended {
  const error_message = 'interrupted: its task is neither in the queue nor in the history';
  // Its beginning may stand in the log already; then that one counts.
  const times = { started_at: due_at, finished_at: Math.max(due_at, Date.now()) };
  return { job_id, task_id, ...times, status: 'FAILED', error_message, report: null };
}
