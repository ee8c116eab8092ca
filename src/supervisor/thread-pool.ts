/**
 * The worker threads of one supervisor: a Piscina pool that runs one task per thread, so that a thread can be
 * killed without touching another task (R43).
 *
 * A run that returns a result has left its thread. What ends one that doesn't is the closing of the thread's
 * MessagePort, not Piscina's promise: an aborted run rejects in under a millisecond, but a thread inside a native
 * call (execFileSync) lives on until that call returns, and its job type must stay locked that long. A thread's
 * ports close when it can run no more JavaScript.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Crash, Service } from '../actors/service.ts';
import type { Config } from '../config.ts';
import type { TaskErrorType } from '../errors.ts';
import type { Logger } from '../log.ts';
import { redactor } from '../redact.ts';
import { KillEvidence } from './kill-evidence.ts';
import type { Assignment, FromThread, ThreadResult, ToThread } from './line.ts';
import { giveConfigToThreads } from './thread-config.ts';

/** How a run ended. */
export type ThreadEnd =
  | { kind: 'result'; result: ThreadResult }
  /** `evidence`: what the thread did before, when it was observed. */
  | { kind: 'killed'; reason: string; evidence?: string }
  | { kind: 'crashed'; error_type: TaskErrorType; message: string };

/** One task in one thread. */
export interface ThreadRun {
  /** Resolves, and never rejects, when the thread has left the task: by its end, or by the thread's exit. */
  readonly ended: Promise<ThreadEnd>;
  /** Terminates the thread; the pool replaces it. After the first kill, later ones change nothing. */
  kill(reason: string): void;
  tell(message: ToThread): void;
  /** From now on what the thread does is looked at, as evidence for a kill that is near. */
  observe(): void;
}

/** A warm thread that takes over at once where one was killed: booting another takes tens of milliseconds. */
const SPARE_THREADS = 1;

export class ThreadPool implements Service {
  readonly name = 'thread-pool';
  readonly size: number;
  #config: Config;
  #log: Logger;
  #pool: Piscina | undefined;
  #runs = new Set<ThreadRun>();
  #killed = 0;

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.size = config.SUPERVISOR_THREADS;
  }

  async start(crash: Crash): Promise<void> {
    giveConfigToThreads(this.#config);
    const threads = this.size + SPARE_THREADS;
    const pool = new Piscina({
      filename: new URL('../../workers/run-task.ts', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      // The default freezes the event loop of an idle thread: sockets and database pools stall (docs/dependencies.md).
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: this.#config.THREAD_MEMORY_MB },
      execArgv: [],
      recordTiming: false,
    });
    this.#pool = pool;
    let failed = false;
    // Without a listener this would end the process, and with it every task of every other thread.
    pool.on('error', (error: Error) => {
      this.#log.error({ err: error }, 'a thread died while it had no task');
      // Piscina replaces a thread that had started, but not one that died at its start: the next would too.
      if (pool.threads.length >= threads || this.#pool !== pool || failed) return;
      failed = true;
      crash(error);
    });
  }

  /** Kills what still runs. Piscina's close() is not used: it kills running tasks when another one finishes. */
  async stop(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    if (!pool) return;
    for (const run of this.#runs) run.kill('the supervisor is stopping');
    await Promise.all([...this.#runs].map((run) => run.ended));
    await pool.destroy();
  }

  get free(): number {
    return this.#pool ? this.size - this.#runs.size : 0;
  }

  get busy(): number {
    return this.#runs.size;
  }

  /** Threads that were terminated since the pool was made. */
  get killed(): number {
    return this.#killed;
  }

  /**
   * Runs a task in a free thread.
   * @param hear is told every message of the thread, in order.
   */
  run(assignment: Assignment, hear: (message: FromThread) => void): ThreadRun {
    if (!this.#pool || this.free <= 0) throw new Error('no thread is free');
    const { port1: ours, port2: theirs } = new MessageChannel();
    const killer = new AbortController();
    const result = this.#pool.run(
      { assignment, port: theirs },
      { signal: killer.signal, transferList: [theirs] },
    ) as Promise<ThreadResult>;
    let killed: string | undefined;
    let thread_id: number | undefined;
    let evidence: KillEvidence | undefined;
    const listen = (message: FromThread) => {
      if (message.type === 'started') thread_id = message.thread_id;
      hear(message);
    };
    ours.on('message', listen);
    const run: ThreadRun = {
      ended: this.#endOf(result, ours, theirs, listen, () => killed)
        .then((end) => withEvidence(end, evidence?.end()))
        .finally(() => this.#runs.delete(run)),
      kill: (reason) => {
        if (killed === undefined) this.#killed += 1;
        killed ??= reason;
        killer.abort();
      },
      tell: (message) => ours.postMessage(message),
      observe: () => {
        const worker = this.#pool?.threads.find((thread) => thread.threadId === thread_id);
        if (worker) evidence ??= new KillEvidence(worker, redactor(this.#config));
      },
    };
    this.#runs.add(run);
    return run;
  }

  async #endOf(
    result: Promise<ThreadResult>,
    ours: MessagePort,
    theirs: MessagePort,
    hear: (message: FromThread) => void,
    killReason: () => string | undefined,
  ): Promise<ThreadEnd> {
    const left = new Promise<void>((resolve) => ours.once('close', resolve));
    const end = await result.then(
      (value): ThreadEnd => ({ kind: 'result', result: value }),
      (error): ThreadEnd => {
        const reason = killReason();
        return reason === undefined ? crashOf(error, redactor(this.#config)) : { kind: 'killed', reason };
      },
    );
    if (end.kind === 'result') {
      // It has returned, so it has left the task; what it said before has arrived, and may not have been heard yet.
      for (let said = receiveMessageOnPort(ours); said; said = receiveMessageOnPort(ours)) hear(said.message);
      ours.close();
      return end;
    }
    // Killed while it still waited for a thread, it never left this one. A port that has left is not touched by this.
    theirs.close();
    await left;
    return end;
  }
}

function withEvidence(end: ThreadEnd, evidence: string | undefined): ThreadEnd {
  return end.kind === 'killed' && evidence !== undefined ? { ...end, evidence } : end;
}

/** run-task.ts turns what a task throws into a result; what still rejects is the death of the thread. */
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
    message: redact(`The thread died before it gave a result: ${error.message}`),
  };
}
