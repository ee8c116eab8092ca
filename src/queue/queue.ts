/**
 * The task queue: one method a verb, one Lua script a transition (src/queue/lua). It keeps no state of its own,
 * so any number of them, in any number of processes, share the queue. Times are ms by the clock of Redis. Here stands
 * what people and schedules do with it; what supervisors do is in supervised-queue.ts.
 */
import { ApiError } from '../errors.ts';
import { type Depth, depthOf } from './depth.ts';
import type { Execution } from './execution.ts';
import { Executions, withNewIds } from './executions.ts';
import { optional } from './fields.ts';
import type { ListPlace, SearchFilter } from './list-query.ts';
import { newId } from './new-id.ts';
import type { QueueRedis } from './scripts.ts';
import { SupervisedQueue } from './supervised-queue.ts';
import { type Crew, toCrew } from './supervisors.ts';
import { type NewTask, TASK_STATUSES, type Task, type TaskStatus } from './task.ts';
import { fromHash, toArguments } from './task-hash.ts';
import { factsOf, type Waiting, waitingOf } from './waiting.ts';

export { LEASE_MS, type Tick } from './supervised-queue.ts';

/** Tasks of one submit script: some 5 ms of Redis. */
const SUBMITTED_AT_ONCE = 500;
/** Tasks of one page where all of a list are read. */
const EACH_AT_ONCE = 500;
export interface Position {
  place: 'queue' | 'parked' | 'delayed' | 'blocked' | Exclude<TaskStatus, 'pending'>;
  /** Tasks that come before it; null where that has no meaning. */
  ahead: number | null;
}
/** What a manual retry does not copy. */
export type RetryChanges = Partial<Pick<NewTask, 'params' | 'priority' | 'max_attempts' | 'timeout_seconds'>>;
/** What tasks are searched for. */
export interface TaskFilter extends SearchFilter {
  status?: TaskStatus | undefined;
  job_type?: string | undefined;
  dataset?: string | undefined;
  execution_id?: string | undefined;
}
export interface ListQuery extends TaskFilter, ListPlace {}
export interface ListPage {
  tasks: Task[];
  /** All tasks of the status, whatever else they are like and wherever the page begins. */
  total: number;
  /** `before` of the page that goes on from here; null when nothing is left. */
  next: number | null;
  /** Entries that were read through for this page. */
  looked_at: number;
}

export class Queue extends SupervisedQueue {
  readonly executions: Executions;

  /** @param prefix REDIS_KEY_PREFIX, without braces */
  constructor(redis: QueueRedis, prefix: string) {
    super(redis, prefix);
    this.executions = new Executions(this.run);
  }

  /**
   * Puts tasks into the queue, in order, and wakes idle supervisors. One flight for all of them; up to 500 at a
   * time appear together. A task whose id exists already is left as it is: `created` is false.
   */
  async submit(tasks: readonly NewTask[]): Promise<{ task_id: string; created: boolean }[]> {
    const named = tasks.map((task) => ({ ...task, task_id: task.task_id ?? newId() }));
    const flights: Promise<number[]>[] = [];
    for (let from = 0; from < named.length; from += SUBMITTED_AT_ONCE) {
      flights.push(this.run.submit(...named.slice(from, from + SUBMITTED_AT_ONCE).flatMap(toArguments)));
    }
    const created = (await Promise.all(flights)).flat();
    return named.map(({ task_id }, i) => ({ task_id, created: created[i] === 1 }));
  }

  async get(task_id: string): Promise<Task | null> {
    return (await this.getMany([task_id]))[0] ?? null;
  }

  /** The tasks at one moment, in the order of the ids; null for an unknown one. */
  async getMany(task_ids: readonly string[]): Promise<(Task | null)[]> {
    if (task_ids.length === 0) return [];
    const raw = await this.run.read(...task_ids);
    return task_ids.map((task_id, i) => {
      const fields = raw[i];
      return fields ? fromHash(task_id, fields) : null;
    });
  }

  /**
   * A page of tasks, newest submission first (50 unless said otherwise). With more of a filter than the status one
   * call looks through at most 1,000 tasks, so that its cost is the same in a queue of any length: a page may be
   * short, or empty, while `next` says that there is more.
   */
  async list(query: ListQuery = {}): Promise<ListPage> {
    const { before = '+inf', offset = 0, limit = 50 } = query;
    const { status, id = '', job_type = '', dataset = '', execution_id = '', from = '', to = '' } = query;
    const [total, next, looked_at, ...raw] = await this.run.list(
      ...[before, offset, limit],
      ...[id, job_type, dataset, execution_id, from, to],
      ...(status ? [status] : TASK_STATUSES),
    );
    const tasks = raw.map(([task_id, ...fields]) => fromHash(task_id as string, fields));
    return { tasks, total, next: next || null, looked_at };
  }

  /** The tasks that a list would show, page after page, until `look_at_most` have been looked through. */
  async *each(query: TaskFilter, look_at_most: number): AsyncGenerator<Task> {
    let looked_at = 0;
    for (let before: number | null | undefined; before !== null && looked_at < look_at_most; ) {
      const page = await this.list({
        ...query,
        ...(before !== undefined && { before }),
        limit: EACH_AT_ONCE,
      });
      yield* page.tasks;
      before = page.next;
      looked_at += page.looked_at;
    }
  }

  /**
   * Tasks and executions whose id begins with `text`, at most `limit` of each: a whole id wherever it stands, others
   * among the newest 1,000 of each status.
   */
  async find(text: string, limit: number): Promise<{ tasks: Task[]; executions: Execution[] }> {
    const [task_ids, execution_ids] = await this.run.find(text, limit);
    const [tasks, executions] = await Promise.all([
      this.getMany(task_ids),
      Promise.all(execution_ids.map((id) => this.executions.get(id, { limit: 0 }))),
    ]);
    return {
      tasks: tasks.filter((task) => task !== null),
      executions: executions.flatMap((page) => page?.execution ?? []),
    };
  }

  async depth(): Promise<Depth> {
    return depthOf(await this.run.depth());
  }

  /** Where a task stands; null when it is unknown. */
  async position(task_id: string): Promise<Position | null> {
    const reply = await this.run.position(task_id);
    return reply && { place: reply[0] as Position['place'], ahead: optional(reply[1]) };
  }

  /** A task, how many stand before it where it waits, and why it waits; null when it is unknown. One moment. */
  async look(task_id: string): Promise<{ task: Task; ahead: number | null; waiting: Waiting | null } | null> {
    const raw = await this.run.look(task_id);
    if (!raw) return null;
    const [task, facts] = [fromHash(task_id, raw[0]), factsOf(raw)];
    return { task, ahead: optional(facts.ahead), waiting: waitingOf(task, facts) };
  }

  /**
   * Cancels a task that waits: in a queue, for its type, or for its retry. It can never run afterwards.
   * @throws ApiError TASK_NOT_FOUND, or TASK_NOT_PENDING when it runs (use stop) or has ended
   */
  async cancel(task_id: string): Promise<Task> {
    const [result, status] = await this.run.cancel(task_id);
    const task = result === 'unknown' ? null : await this.get(task_id);
    if (!task) throw new ApiError('TASK_NOT_FOUND', `There is no task ${task_id}.`);
    if (result === 'done') return task;
    const message =
      status === 'running'
        ? `Task ${task_id} is running and can't be cancelled; use stop to end it.`
        : `Task ${task_id} has ended already (${status}).`;
    throw new ApiError('TASK_NOT_PENDING', message);
  }

  /**
   * Wishes that a running task ends: its supervisor learns of it at its next {@link tick}, and the task becomes
   * cancelled when its thread has left it, or when its supervisor is lost. A natural end that comes first stands.
   * Wishing twice is harmless.
   * @returns the task, still running
   * @throws ApiError TASK_NOT_FOUND, or TASK_NOT_RUNNING when it waits (use cancel) or has ended
   */
  async stop(task_id: string): Promise<Task> {
    const [result, status] = await this.run.stop(task_id);
    const task = result === 'unknown' ? null : await this.get(task_id);
    if (!task) throw new ApiError('TASK_NOT_FOUND', `There is no task ${task_id}.`);
    if (result === 'done') return task;
    const message =
      status === 'pending'
        ? `Task ${task_id} is not running, it waits; use cancel to end it.`
        : `Task ${task_id} has ended already (${status}).`;
    throw new ApiError('TASK_NOT_RUNNING', message);
  }

  /**
   * Runs a failed or cancelled task once more, as a new task; of two callers one is refused. In an execution it takes
   * the old one's place, and what that had kept from running follows it.
   * @param changes what differs from the old task
   * @throws ApiError TASK_NOT_FOUND or TASK_NOT_RETRYABLE
   */
  async retry(task_id: string, changes: RetryChanges = {}): Promise<Task> {
    const { params, priority = '', max_attempts = '', timeout_seconds = '' } = changes;
    const edits = [params ? JSON.stringify(params) : '', priority, max_attempts, timeout_seconds];
    const [result, told] = await withNewIds((ids) => this.run.retry(task_id, ...edits, ...ids));
    const task = result === 'done' ? await this.get(String(told)) : null;
    if (task) return task;
    if (result === 'unknown') throw new ApiError('TASK_NOT_FOUND', `There is no task ${task_id}.`);
    const why = {
      retried: `was retried already, as task ${told}; retry that one`,
      hindered: `depends on task ${told}, which has not completed; retry that one or the execution`,
    };
    const reason =
      why[result as keyof typeof why] ?? `is ${told}; only a failed or cancelled task is retried`;
    throw new ApiError('TASK_NOT_RETRYABLE', `Task ${task_id} ${reason}.`);
  }

  /**
   * Wishes that a supervisor drains, or takes the wish back: it learns of it at its next {@link tick}. From then on it
   * claims nothing new; what it runs ends as ever. Wishing twice is harmless; the wish goes with the supervisor.
   * @throws ApiError SUPERVISOR_NOT_FOUND when none of this name is alive
   */
  async drain(supervisor_id: string, draining: boolean): Promise<void> {
    const known = await this.run.drain(supervisor_id, draining ? 1 : 0);
    if (known === 1) return;
    throw new ApiError('SUPERVISOR_NOT_FOUND', `No supervisor ${supervisor_id} is alive.`);
  }

  /** The supervisors that were heard within the last minute, what each of them runs, and how long work waits. */
  async crew(): Promise<Crew> {
    return toCrew(await this.run.supervisors());
  }
}
