/** One task's end of the line to its supervisor: permits, progress, checkpoints, and the wish to pause. */
import { monotonicMs } from '../src/clock.ts';
import { type Permit, type PermitSource, WindowClosed } from '../src/limits/permit.ts';
import type { TaskStatus } from '../src/queue/task.ts';
import type { FromThread, ToTask } from '../src/supervisor/line.ts';

/** Progress is told at most this often, in ms: more than a person can see only costs messages. */
const PROGRESS_PERIOD_MS = 200;
/** A wait for a permit that lasts longer than this is told: the progress stands still and a person wonders why. */
const WAIT_TOLD_AFTER_MS = 1_000;
/** 100 % is the end of a task, which the queue notes: what is fetched is still to be stored. */
const MOST_UNTIL_ITS_END = 0.99;

type Progress = Extract<FromThread, { type: 'progress' }>;
type Granted = Extract<ToTask, { type: 'permit_granted' }>;

interface Waiter {
  resolve(permit: Permit): void;
  reject(error: WindowClosed): void;
}

export class ThreadLine implements PermitSource {
  #post: (message: FromThread) => void;
  #requests = 0;
  #waiting = new Map<number, Waiter>();
  /** Tasks whose status is asked for. */
  #asked = new Map<string, (status: TaskStatus | null) => void>();
  #pause = new AbortController();
  #progressTold = Number.NEGATIVE_INFINITY;
  /** The newest progress; told at once or with the next period. */
  #progress: Progress = { type: 'progress', progress: 0, records_processed: 0, message: null };
  #progressKept = false;

  /** @param post sends a message to the supervisor */
  constructor(post: (message: FromThread) => void) {
    this.#post = post;
  }

  /** Aborted when the supervisor wants the task to pause at its next safe point. */
  get pause(): AbortSignal {
    return this.#pause.signal;
  }

  acquire(api_name: string, options: { interactive?: boolean; signal?: AbortSignal } = {}): Promise<Permit> {
    const request = ++this.#requests;
    const { signal, interactive = false } = options;
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    if (signal?.aborted) {
      reject(signal.reason);
      return promise;
    }
    const giveUp = () => {
      this.#waiting.delete(request);
      this.#tell({ type: 'permit_unwanted', request });
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#waiting.set(request, { resolve, reject });
    this.#tell({ type: 'permit_wanted', request, api_name, interactive });
    const longWait = setTimeout(() => this.#tellWait(), WAIT_TOLD_AFTER_MS);
    return promise.finally(() => {
      clearTimeout(longWait);
      signal?.removeEventListener('abort', giveUp);
    });
  }

  /** @param share of the plan done, 0..1; 1 counts as 0.99. @param records_processed rows stored so far. */
  progress(share: number, records_processed: number, message: string | null): void {
    const progress = Math.round(Math.min(MOST_UNTIL_ITS_END, Math.max(0, share)) * 1000) / 10;
    this.#progress = { type: 'progress', progress, records_processed, message };
    this.#progressKept = true;
    if (monotonicMs() - this.#progressTold >= PROGRESS_PERIOD_MS) this.#tellProgress();
  }

  checkpointed(): void {
    this.#tell({ type: 'checkpoint' });
  }

  /** What the queue says of another task; null when it does not know it, or can't be asked. */
  statusOf(task_id: string): Promise<TaskStatus | null> {
    const { promise, resolve } = Promise.withResolvers<TaskStatus | null>();
    this.#asked.set(task_id, resolve);
    this.#tell({ type: 'status_wanted', task_id });
    return promise;
  }

  /** The task is over: code that it left behind can say nothing more in its name. */
  close(): void {
    this.#tellProgress();
    this.#post = () => {};
  }

  #tellProgress(): void {
    if (!this.#progressKept) return;
    this.#tell(this.#progress);
    this.#progressKept = false;
    this.#progressTold = monotonicMs();
  }

  #tellWait(): void {
    const { message } = this.#progress;
    const wait = 'waiting for the call window';
    this.#tell({ ...this.#progress, message: message === null ? wait : `${message}; ${wait}` });
    this.#progressKept = false;
  }

  #tell(message: FromThread): void {
    this.#post(message);
  }

  /** A message of the supervisor for this task. */
  hear(message: ToTask): void {
    if (message.type === 'pause') {
      this.#pause.abort(message.reason);
      return;
    }
    if (message.type === 'status') {
      this.#asked.get(message.task_id)?.(message.status);
      return;
    }
    const waiter = this.#waiting.get(message.request);
    this.#waiting.delete(message.request);
    // A grant that crossed a permit_unwanted has no waiter: the supervisor takes that permit back itself.
    if (message.type === 'permit_closed') waiter?.reject(new WindowClosed(message.reason, message.until));
    else waiter?.resolve(this.#permit(message));
  }

  #permit({ request, use_by, use_by_wall }: Granted): Permit {
    let told = false;
    return {
      use_by,
      ...(use_by_wall === undefined ? {} : { use_by_wall }),
      used: (cut_short = false, answer) => {
        if (told) return;
        told = true;
        this.#tell({ type: 'permit_used', request, cut_short, ...(answer ? { answer } : {}) });
      },
    };
  }
}
