/** The executions in Redis: one method a verb, one script each; see Queue for single tasks. */
import { ApiError } from '../errors.ts';
import type { Execution, ExecutionKind, ExecutionTask, PlannedTask } from './execution.ts';
import { fromFields } from './fields.ts';
import type { ListPlace, SearchFilter } from './list-query.ts';
import { newId } from './new-id.ts';
import type { Scripts } from './scripts.ts';
import { TASK_STATUSES, type TaskStatus } from './task.ts';
import { fromHash, toArguments } from './task-hash.ts';

export interface NewExecution {
  /** Given by callers that must be able to repeat a submission; else a random one. */
  execution_id?: string;
  kind: ExecutionKind;
  label: string;
  tasks: readonly PlannedTask[];
}
export interface ExecutionQuery extends SearchFilter, ListPlace {
  status?: TaskStatus | undefined;
  kind?: ExecutionKind | undefined;
}
export interface ExecutionList {
  executions: Execution[];
  /** All executions of the status, whatever else they are like and wherever the page begins. */
  total: number;
  /** `before` of the page that goes on from here; null when nothing is left. */
  next: number | null;
  looked_at: number;
}
export interface ExecutionPage {
  execution: Execution;
  /** In the order of submission; finished ones that have expired are left out. */
  tasks: ExecutionTask[];
}

export class Executions {
  readonly #run: Scripts;

  constructor(run: Scripts) {
    this.#run = run;
  }

  /** Submits all tasks together; those that need others wait for them. An id that exists changes nothing. */
  async submit(
    execution: NewExecution,
  ): Promise<{ execution_id: string; task_ids: string[]; created: boolean }> {
    const execution_id = execution.execution_id ?? newId();
    const tasks = execution.tasks.map((planned) => ({
      ...planned,
      task: { ...planned.task, task_id: planned.task.task_id ?? newId(), execution_id },
    }));
    const created = await this.#run.submit_execution(
      execution_id,
      execution.kind,
      execution.label,
      ...tasks.flatMap(({ task, key, needs }) => [...toArguments(task), key ?? '', needs.join(',')]),
    );
    return { execution_id, task_ids: tasks.map(({ task }) => task.task_id), created: created === 1 };
  }

  /** @param page which of its tasks: 50 from the first, unless said otherwise. null: there is no such execution */
  async get(
    execution_id: string,
    page: { offset?: number; limit?: number } = {},
  ): Promise<ExecutionPage | null> {
    const reply = await this.#run.read_execution(execution_id, page.offset ?? 0, page.limit ?? 50);
    if (reply === null) return null;
    const [fields, ...tasks] = reply;
    return {
      execution: toExecution(execution_id, fields),
      tasks: tasks.map(([task_id, needs, ...raw]) => ({
        ...fromHash(task_id as string, raw),
        depends_on: needs ? needs.split(',') : [],
      })),
    };
  }

  /**
   * A page of executions, newest submission first (50 unless said otherwise). With more of a filter than the status
   * one call looks through at most 1,000: a page may be short while `next` says that there is more.
   */
  async list(query: ExecutionQuery = {}): Promise<ExecutionList> {
    const { before = '+inf', offset = 0, limit = 50 } = query;
    const { status, id = '', kind = '', from = '', to = '' } = query;
    const [total, next, looked_at, ...raw] = await this.#run.list_executions(
      ...[before, offset, limit],
      ...[id, kind, from, to],
      ...(status ? [status] : TASK_STATUSES),
    );
    const executions = raw.map(([id, ...fields]) => toExecution(id as string, fields));
    return { executions, total, next: next || null, looked_at };
  }

  /**
   * Cancels what waits and stops what runs; it has ended when the last of its threads has.
   * @throws ApiError EXECUTION_NOT_FOUND or EXECUTION_ENDED
   */
  async stop(execution_id: string): Promise<{ execution: Execution; cancelled: number; stopping: number }> {
    const [result, ...told] = await this.#run.stop_execution(execution_id);
    const [cancelled = 0, stopping = 0] = told as number[];
    const execution = result === 'unknown' ? null : (await this.get(execution_id, { limit: 0 }))?.execution;
    if (!execution) throw notFound(execution_id);
    if (result === 'done') return { execution, cancelled, stopping };
    throw new ApiError(
      'EXECUTION_ENDED',
      `Execution ${execution_id} has ended already (${execution.status}).`,
    );
  }

  /**
   * Runs what failed or was cancelled again, in new tasks that take the places of the old ones; what completed
   * stays. May be called while the rest still runs.
   * @throws ApiError EXECUTION_NOT_FOUND or NOTHING_TO_RETRY
   */
  async retry(execution_id: string): Promise<{ execution: Execution; task_ids: string[] }> {
    const retried = await withNewIds((ids) => this.#run.retry_execution(execution_id, ...ids));
    const [result, ...task_ids] = retried as [string, ...string[]];
    const execution = result === 'unknown' ? null : (await this.get(execution_id, { limit: 0 }))?.execution;
    if (!execution) throw notFound(execution_id);
    if (result === 'done') return { execution, task_ids };
    const message = `Nothing of execution ${execution_id} has failed or was cancelled (it is ${execution.status}).`;
    throw new ApiError('NOTHING_TO_RETRY', message);
  }
}

/**
 * Calls a script that makes as many tasks as it finds to retry, and says how many ids it takes when there were too
 * few; it has changed nothing then.
 */
export async function withNewIds<Reply extends [result: string, ...unknown[]]>(
  call: (ids: string[]) => Promise<Reply>,
): Promise<Reply> {
  for (let count = 1; ; ) {
    const reply = await call(Array.from({ length: count }, () => newId()));
    if (reply[0] !== 'ids') return reply;
    count = reply[1] as number;
  }
}

function notFound(execution_id: string): ApiError {
  return new ApiError(
    'EXECUTION_NOT_FOUND',
    `There is no execution ${execution_id}; finished ones are kept for 7 days.`,
  );
}

function toExecution(execution_id: string, raw: readonly string[]): Execution {
  const { text, number } = fromFields(raw);
  const counts = TASK_STATUSES.map((status) => [status, number(status) ?? 0]);
  return {
    execution_id,
    kind: text('kind') as ExecutionKind,
    label: text('label') ?? '',
    status: text('status') as TaskStatus,
    sequence: number('sequence') ?? 0,
    attempt: number('attempt') ?? 0,
    total: number('total') ?? 0,
    counts: Object.fromEntries(counts) as Execution['counts'],
    created_at: number('created_at') ?? 0,
    updated_at: number('updated_at') ?? 0,
    started_at: number('started_at'),
    completed_at: number('completed_at'),
  };
}
