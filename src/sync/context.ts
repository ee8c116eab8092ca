/** What one run of a task may use: handed to the sync engine by the thread, so that the engine knows no thread. */
import type { Config } from '../config.ts';
import type { ClaimedTask, TaskParams } from '../queue/task.ts';

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
}

export type RunOutcome =
  | { kind: 'completed'; records_processed: number }
  | { kind: 'paused'; reason: string };
