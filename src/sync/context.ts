/** What one run of a task may use: handed to the sync engine by the thread, so that the engine knows no thread. */
import type { Config } from '../config.ts';
import type { ClaimedTask, TaskParams, TaskStatus } from '../queue/task.ts';

/** One answer of TuShare, mapped by its own field order. */
export interface TushareAnswer {
  fields: string[];
  items: unknown[][];
  has_more: boolean;
}

export interface RunContext {
  readonly task: ClaimedTask;
  readonly supervisor_id: string;
  readonly config: Config;
  /** Aborted when the run must pause at its next safe point; what is committed stays. */
  readonly pause: AbortSignal;
  /**
   * One call: permit, request, classified answer. Throws TaskError (see src/errors.ts) or
   * WindowClosed when no permit comes soon.
   */
  call(api_name: string, params: TaskParams, fields: readonly string[]): Promise<TushareAnswer>;
  /** Tells how far the run is: share of the plan (0..1) and rows stored so far. */
  progress(share: number, records_processed: number, message: string | null): void;
  /** Tells that work up to here is committed. */
  checkpointed(): void;
  /** What the queue says of another task; null when it does not know it, or can't be asked. */
  statusOf(task_id: string): Promise<TaskStatus | null>;
}

/** For a part of a run before its last: how far it is says nothing, since the plan of the last is not made yet. */
export const firstPart = (context: RunContext): RunContext => ({
  ...context,
  progress: (_share, _records, message) => context.progress(0, 0, message),
});

export type RunOutcome =
  | { kind: 'completed'; records_processed: number }
  | { kind: 'paused'; reason: string };
