/**
 * The line between a supervisor's main thread and one worker thread: the messages on the MessagePort.
 * A thread may be killed between any two of them, so each stands alone and nothing is owed an answer.
 */
import type { MessagePort } from 'node:worker_threads';
import type { CallAnswer } from '../limits/permit.ts';
import type { ClaimedTask, TaskStatus } from '../queue/task.ts';

/** What a thread is started with. */
export interface ThreadEntry {
  port: MessagePort;
  /** See begin-cells.ts. */
  cells: Int32Array<SharedArrayBuffer>;
}

/** What a thread is told of the task that it runs next. */
export interface Assignment {
  task: ClaimedTask;
  supervisor_id: string;
}

/** From the thread to its supervisor. */
export type FromThread =
  /** The thread has booted, and takes tasks. */
  | { type: 'ready'; thread_id: number }
  /** Asks for one permit of the call window. */
  | { type: 'permit_wanted'; request: number; api_name: string; interactive: boolean }
  /** The thread no longer waits: no call was or will be made with this permit. */
  | { type: 'permit_unwanted'; request: number }
  /** The call of a permit has ended (or was never made), cut short or with an answer: see Permit.used. */
  | { type: 'permit_used'; request: number; cut_short: boolean; answer?: CallAnswer }
  | { type: 'progress'; progress: number; records_processed: number; message: string | null }
  /** Work up to here is committed: losses go back to 0. */
  | { type: 'checkpoint' }
  /** Asks what the queue says of another task. */
  | { type: 'status_wanted'; task_id: string }
  /** The thread has left its task, and what it said of it has been said before. */
  | { type: 'result'; result: ThreadResult; took_ms: number };

/** From the supervisor to its thread, in messages of several: what is said in one turn travels together. */
export type ToThread =
  | { run: number; assignment: Assignment }
  | { run: number; message: ToTask }
  /** To one that has nothing to do: datasets whose code it may need soon. */
  | { datasets: readonly string[] };

/** From the supervisor to a task. What comes when the task has ended is dropped. */
export type ToTask =
  /** A permit, to be used before `use_by` (process.hrtime, in ms): later it is thrown away. */
  | { type: 'permit_granted'; request: number; use_by: number; use_by_wall?: number }
  /** No permit before `until` (ms since the epoch): checkpoint and give the thread back. */
  | { type: 'permit_closed'; request: number; until: number; reason: string }
  /** The status of another task; null when the queue does not know it, or can't be asked. */
  | { type: 'status'; task_id: string; status: TaskStatus | null }
  /** Pause at the next safe point: shutdown, or a lock that was lost. */
  | { type: 'pause'; reason: string };

/** How a task ends in its thread when that is not killed. */
export type ThreadResult =
  | { kind: 'completed'; records_processed: number }
  | { kind: 'paused'; reason: string }
  | { kind: 'closed'; until: number; reason: string }
  /** Postgres holds `known_fence`, which is not below the run's own. */
  | { kind: 'fenced'; known_fence: number; message: string }
  | {
      kind: 'error';
      type: string;
      message: string;
      detail: string;
      retryable: boolean;
      retry_after_ms: number | null;
    };
