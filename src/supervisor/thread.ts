/**
 * One worker thread. It stays in its entry (workers/run-task.ts) and takes one task after another from its port: a
 * Piscina run and a MessageChannel for every task cost several times as much (docs/performance.md). To Piscina it is
 * one run that never ends, so it is still killed by an AbortSignal.
 *
 * Tasks may stand in line at a thread: to wake a sleeping thread costs more than all the rest of a short task. Whoever
 * stands there has a cell in shared memory that holds its number. The thread begins it only when it can turn that
 * number negative; whoever takes it out of the line first turns it to 0. So what has not begun can be taken back for
 * certain, whatever the thread is busy with.
 */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { TaskErrorType } from '../errors.ts';
import { BeginCells } from './begin-cells.ts';
import { KillEvidence } from './kill-evidence.ts';
import type { Assignment, FromThread, ThreadEntry, ThreadResult, ToTask, ToThread } from './line.ts';

/** How a run ended. */
export type ThreadEnd =
  | { kind: 'result'; result: ThreadResult }
  /** Terminated, or taken out of the line. `evidence`: what the thread did before, when it was observed. */
  | { kind: 'killed'; reason: string; evidence?: string }
  | { kind: 'crashed'; error_type: TaskErrorType; message: string };

/** One task at one thread. */
export interface ThreadRun {
  /** Resolves, and never rejects, when the thread has left the task: by its end, or by the thread's exit. */
  readonly ended: Promise<ThreadEnd>;
  /** Ends it: takes it out of the line, or terminates the thread, which the pool replaces. */
  kill(reason: string): void;
  /** Takes it out of the line; nothing when it has begun. */
  withdraw(reason: string): void;
  tell(message: ToTask): void;
  /** From now on what the thread does is looked at, as evidence for a kill that is near. */
  observe(): void;
  /** Its thread is about to come free, or to be killed: the next task may stand behind it. */
  endsSoon(): void;
}

/** Its pool. */
export interface ThreadOwner {
  redact(text: string): string;
  /** A task of a dataset took so many ms from its beginning to its good end. */
  took(ms: number, dataset?: string): void;
  /** It was terminated; it may live on for a while. */
  killed(): void;
  /** It has ended by itself. `idle`: it had no task. */
  died(error: Error, idle: boolean): void;
  /** It takes no more tasks. @param behind who stood in line: they need another thread */
  leaves(behind: Run[]): void;
  /** One of its tasks is near its deadline. */
  killNear(): void;
}

/** One task on its way through a thread, or, while it has not begun, from one thread to another. */
export interface Run {
  readonly assignment: Assignment;
  /** Where it stands, and its number there. */
  thread: Thread;
  number: number;
  /** When it came, by performance.now(). */
  since: number;
  /** Of high priority. */
  high: boolean;
  hear(message: FromThread): void;
  end(end: ThreadEnd): void;
  evidence?: KillEvidence;
  killNear?: true;
  endsSoon?: true;
}

export class Thread {
  #owner: ThreadOwner;
  #pool: Piscina;
  #port: MessagePort;
  #cells = new BeginCells();
  #killer = new AbortController();
  #killedFor: string | undefined;
  #id: number | undefined;
  /** The first one runs, or is about to. */
  #line: Run[] = [];
  #runs = 0;
  /** Said in this turn. A message costs more than what it says: it wakes the thread. */
  #said: ToThread[] = [];

  /** Boots a thread of the pool. */
  constructor(pool: Piscina, owner: ThreadOwner) {
    this.#owner = owner;
    this.#pool = pool;
    const { port1: ours, port2: theirs } = new MessageChannel();
    this.#port = ours;
    ours.on('message', (message: FromThread) => this.#hear(message));
    // A thread's ports close when it can run no more JavaScript: one inside a native call lives on until it returns.
    const left = new Promise<void>((resolve) => ours.once('close', resolve));
    const entry: ThreadEntry = { port: theirs, cells: this.#cells.shared };
    pool.run(entry, { signal: this.#killer.signal, transferList: [theirs] }).catch(async (error: Error) => {
      // Killed before its worker was there, it never left this side. A port that has left is not touched by this.
      theirs.close();
      await left;
      this.#gone(error);
    });
  }

  /** It has booted. One that has not takes a task all the same, and begins when it is there. */
  get ready(): boolean {
    return this.#id !== undefined;
  }

  /** Tasks that it runs, or that stand in line. */
  get length(): number {
    return this.#line.length;
  }

  /** Whether one of them is not of high priority. */
  get hasOrdinary(): boolean {
    return this.#line.some(({ high }) => !high);
  }

  /** Runs a task when those before it have ended. @param hear is told every message of the task, in order */
  run(assignment: Assignment, hear: (message: FromThread) => void): ThreadRun {
    const { promise: ended, resolve: end } = Promise.withResolvers<ThreadEnd>();
    const high = assignment.task.priority === 0;
    const run: Run = { assignment, thread: this, number: 0, since: performance.now(), high, hear, end };
    this.take(run);
    return {
      ended,
      kill: (reason) => {
        if (!run.thread.#withdraw(run, reason)) run.thread.#kill(run, reason);
      },
      withdraw: (reason) => void run.thread.#withdraw(run, reason),
      tell: (message) => run.thread.#tell(run, message),
      observe: () => run.thread.#observe(run),
      endsSoon: () => {
        run.endsSoon = true;
      },
    };
  }

  /** Puts a run that has not begun at the end of the line. */
  take(run: Run): void {
    this.#runs += 1;
    run.thread = this;
    run.number = this.#runs;
    this.#line.push(run);
    this.#cells.wait(run.number);
    this.#post({ run: run.number, assignment: run.assignment });
  }

  /** It comes free in a moment, or another thread takes its place, and nobody stands behind. */
  get endsSoon(): boolean {
    return this.#line.length === 1 && this.#line[0]?.endsSoon === true;
  }

  /** What it runs is near its deadline. */
  get killNear(): boolean {
    return this.#line[0]?.killNear === true;
  }

  /** Ends it for good, while it has nothing to do. */
  leave(): void {
    if (this.length === 0) this.#terminate('it is not needed any more');
  }

  /** Brings in the code of what may be its next task, while it has nothing else to do. */
  warmUp(datasets: readonly string[]): void {
    if (this.length === 0) this.#post({ datasets });
  }

  /** Takes out of the line who came before a moment and stands behind another. @returns how many */
  withdrawOlder(than: number, reason: string): number {
    const behind = this.#line.slice(1);
    return behind.filter((run) => run.since < than && this.#withdraw(run, reason)).length;
  }

  #withdraw(run: Run, reason: string): boolean {
    if (!this.#takeOut(run)) return false;
    run.end({ kind: 'killed', reason });
    return true;
  }

  #takeOut(run: Run): boolean {
    if (!this.#cells.withdraw(run.number)) return false;
    this.#line = this.#line.filter((other) => other !== run);
    return true;
  }

  #takeOutBehind(): Run[] {
    return this.#line.slice(1).filter((run) => this.#takeOut(run));
  }

  /** Terminates the thread, if this is what it runs. */
  #kill(run: Run, reason: string): void {
    if (this.#killedFor !== undefined || this.#line[0] !== run) return;
    const behind = this.#takeOutBehind();
    if (this.#line.length > 1) {
      // One behind has begun, so this one has ended: its result is on its way.
      for (const other of behind) this.take(other);
      return;
    }
    this.#terminate(reason, behind);
    this.#owner.killed();
  }

  #terminate(reason: string, behind: Run[] = []): void {
    this.#killedFor = reason;
    this.#owner.leaves(behind);
    this.#killer.abort();
  }

  #post(message: ToThread): void {
    if (this.#said.push(message) === 1) queueMicrotask(() => this.flush());
  }

  /** Says now, and not at the end of this turn, what is to be said. */
  flush(): void {
    if (this.#said.length > 0) this.#port.postMessage(this.#said.splice(0));
  }

  #tell(run: Run, message: ToTask): void {
    if (this.#line.includes(run)) this.#post({ run: run.number, message });
  }

  #observe(run: Run): void {
    if (this.#line[0] !== run) return;
    run.evidence ??= this.#observed();
    run.killNear = true;
    this.#owner.killNear();
  }

  #observed(): KillEvidence | undefined {
    const worker = this.#pool.threads.find(({ threadId }) => threadId === this.#id) as Worker | undefined;
    return worker && new KillEvidence(worker, (text) => this.#owner.redact(text));
  }

  #hear(message: FromThread): void {
    if (message.type === 'ready') {
      this.#id = message.thread_id;
    } else if (message.type !== 'result') {
      this.#line[0]?.hear(message);
    } else if (this.#killedFor === undefined) {
      // One that was refused a connection or paused at once says nothing of how long tasks take.
      const { dataset } = this.#line[0]?.assignment.task ?? {};
      if (message.result.kind === 'completed') this.#owner.took(message.took_ms, dataset);
      this.#end({ kind: 'result', result: message.result });
    }
  }

  #end(end: ThreadEnd): void {
    const run = this.#line.shift();
    const evidence = run?.evidence?.end();
    run?.end(end.kind === 'killed' && evidence !== undefined ? { ...end, evidence } : end);
  }

  #gone(error: Error): void {
    const idle = this.#line.length === 0;
    if (this.#killedFor !== undefined) {
      this.#end({ kind: 'killed', reason: this.#killedFor });
      return;
    }
    this.#owner.leaves(this.#takeOutBehind());
    this.#end(crashOf(error, (text) => this.#owner.redact(text)));
    this.#owner.died(error, idle);
  }
}

/** What stands behind this many UTF-16 units of an error is not looked at: it may have hundreds of megabytes. */
const CRASH_LOOKED_AT = 64 * 1024;

/** run-task.ts turns what a task throws into a result; what still ends the run is the death of the thread. */
function crashOf(error: NodeJS.ErrnoException, redact: (text: string) => string): ThreadEnd {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      kind: 'crashed',
      error_type: 'out_of_memory',
      message: 'The thread ran out of memory and was replaced',
    };
  }
  return {
    kind: 'crashed',
    error_type: 'thread_crashed',
    message: redact(`The thread died before it gave a result: ${error.message.slice(0, CRASH_LOOKED_AT)}`),
  };
}
