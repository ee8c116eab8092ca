/**
 * The worker threads of one supervisor, in a Piscina pool. Each runs one task at a time, so that it can be killed
 * without touching another task (R43). What ends a run that was killed is the exit of its thread (thread.ts).
 */
import { Piscina } from 'piscina';
import type { Crash, Service } from '../actors/service.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { redactor } from '../redact.ts';
import { ClaimAhead } from './claim-ahead.ts';
import type { Assignment, FromThread } from './line.ts';
import { Spares } from './spares.ts';
import { type Run, Thread, type ThreadRun } from './thread.ts';
import { giveConfigToThreads } from './thread-config.ts';
import { threadEnvironment } from './thread-environment.ts';

/** Datasets whose code a spare gets ready; the ones before were too long ago. */
const WARM_DATASETS = 8;
/** From this many threads on, one takes only high-priority tasks, so that nobody is stuck behind backfills. */
export const RESERVE_FROM_THREADS = 3;
/** Whoever stands in line at a thread for longer goes back to the queue, in ms: somebody is not as short as expected. */
const IN_LINE_AT_MOST_MS = 60;

/**
 * How much the threads give way (nice(2)): to web, the databases, and above all to the loop of their own supervisor,
 * which beats and kills. 10: an eleventh of an ordinary thread's time where both want the same processor (Linux).
 */
const NICE = 10;

export class ThreadPool implements Service {
  readonly name = 'thread-pool';
  readonly size: number;
  #config: Config;
  #log: Logger;
  #inLineAtMostMs: number;
  #redact: (text: string) => string;
  #pool: Piscina | undefined;
  /** Those that were used last stand at the end. */
  #threads: Thread[] = [];
  #runs = new Set<ThreadRun>();
  #ahead = new ClaimAhead();
  #watch: NodeJS.Timeout | undefined;
  #spares: Spares | undefined;
  /** Datasets that completed a task here, the newest last. (Code that never has might hang the spare.) */
  #lately = new Set<string>();
  #killed = 0;

  /** @param inLineAtMostMs whoever stands in line for longer goes back */
  constructor(config: Config, log: Logger, inLineAtMostMs = IN_LINE_AT_MOST_MS) {
    this.#inLineAtMostMs = inLineAtMostMs;
    this.#config = config;
    this.#log = log;
    this.#redact = redactor(config);
    this.size = config.SUPERVISOR_THREADS;
  }

  async start(crash: Crash): Promise<void> {
    giveConfigToThreads(this.#config);
    const pool = new Piscina({
      filename: new URL('../../workers/run-task.ts', import.meta.url).href,
      minThreads: 0, // a thread comes with the run that keeps it
      maxThreads: Spares.most(this.size),
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      // The default freezes the event loop of an idle thread: sockets and database pools stall (docs/dependencies.md).
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: this.#config.THREAD_MEMORY_MB },
      execArgv: [],
      env: threadEnvironment(this.#config),
      recordTiming: false,
      niceIncrement: NICE,
    });
    this.#pool = pool;
    // One that dies before it has booted: the next would too. (Without a listener the process would end.)
    pool.once('error', (error: Error) => this.#pool === pool && crash(error)).on('error', () => {});
    this.#spares = new Spares({ size: this.size, all: () => this.#threads, boot: () => this.#boot(pool) });
    this.#spares.start();
  }

  /** Kills what still runs. Piscina's close() is not used: it kills running tasks when another one finishes. */
  async stop(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    this.#threads = [];
    clearTimeout(this.#watch);
    this.#watch = undefined;
    this.#spares?.stop();
    if (!pool) return;
    for (const run of this.#runs) run.kill('the supervisor is stopping');
    await Promise.all([...this.#runs].map((run) => run.ended));
    await pool.destroy();
  }

  get busy(): number {
    return Math.min(this.size, this.#runs.size);
  }

  /** Tasks that may be handed over beside one for each thread: they stand in line. */
  get ahead(): number {
    return this.#ahead.ofAThread * (this.size - this.#reserved);
  }

  /** Threads for high priority only. */
  get #reserved(): number {
    return this.size >= RESERVE_FROM_THREADS ? 1 : 0;
  }

  /** Threads that were terminated since the pool was made. */
  get killed(): number {
    return this.#killed;
  }

  /**
   * Runs a task in a free thread, or behind others where none is free.
   * @param hear is told every message of the task, in order.
   */
  run(assignment: Assignment, hear: (message: FromThread) => void): ThreadRun {
    const thread = this.#threadFor(assignment.task.priority === 0);
    const run = thread.run(assignment, hear);
    this.#runs.add(run);
    void run.ended.then(() => this.#runs.delete(run));
    if (thread.length > 1) this.#watchLines();
    return run;
  }

  /** The warmest at the end: those that have booted, of them the one that was used last, with its code and caches. */
  get #free(): Thread[] {
    const free = this.#threads.filter(({ length }) => length === 0);
    return free.toSorted((a, b) => Number(a.ready) - Number(b.ready));
  }

  /** Only what is of high priority may use the thread that is kept for it. */
  #threadFor(high: boolean): Thread {
    const busy = this.#threads.filter(({ length }) => length > 0);
    const ending = this.#threads.find(({ endsSoon }) => endsSoon);
    const ordinary = busy.filter(({ hasOrdinary }) => hasOrdinary);
    const isOpen = busy.length < this.size && (high || ordinary.length < this.size - this.#reserved);
    const warm = this.#free.at(-1);
    const chosen = warm && isOpen ? warm : (ending ?? busy.toSorted((a, b) => a.length - b.length)[0]);
    if (!chosen) throw new Error('the thread pool is not started');
    if (chosen === warm) this.#threads.push(...this.#threads.splice(this.#threads.indexOf(chosen), 1));
    return chosen;
  }

  #watchLines(): void {
    this.#watch ??= setTimeout(() => {
      this.#watch = undefined;
      const before = performance.now() - this.#inLineAtMostMs;
      for (const thread of this.#threads) {
        if (thread.withdrawOlder(before, 'no thread came free in time') > 0) this.#ahead.tooMuch();
      }
      if (this.#threads.some(({ length }) => length > 1)) this.#watchLines();
    }, this.#inLineAtMostMs);
  }

  #boot(pool: Piscina): void {
    const thread = new Thread(pool, {
      redact: this.#redact,
      took: (ms, dataset) => {
        this.#ahead.took(ms);
        if (dataset !== undefined) this.#ranWell(dataset);
      },
      killed: () => {
        this.#replace(pool);
        this.#killed += 1;
      },
      died: (error, idle) => {
        const wanted = this.#pool === pool; // a pool that stops ends its idle threads
        if (idle && wanted) this.#log.error({ err: error }, 'a thread died while it had no task');
        this.#replace(pool);
      },
      leaves: (behind) => this.#leaves(thread, behind),
      killNear: () => this.#killNear(),
    });
    this.#threads.unshift(thread);
  }

  #replace(pool: Piscina): void {
    if (this.#pool === pool) this.#spares?.replace();
  }

  /** Those that may take over have booted by then, with the code of what may come. */
  #killNear(): void {
    const spares = this.#spares;
    if (!this.#pool || !spares) return;
    spares.killNear();
    for (const thread of this.#free.slice(-spares.near)) thread.warmUp([...this.#lately]);
  }

  #leaves(thread: Thread, behind: Run[]): void {
    this.#threads = this.#threads.filter((other) => other !== thread);
    for (const run of behind) {
      if (this.#pool && this.#threads.length === 0) this.#boot(this.#pool);
      if (this.#pool) this.#move(run);
      else run.end({ kind: 'killed', reason: 'the supervisor is stopping' });
    }
    if (this.#threads.some(({ length }) => length > 1)) this.#watchLines();
  }

  /** It begins there while the thread that it leaves is terminated: that takes this side up to 1 ms. */
  #move(run: Run): void {
    const thread = this.#threadFor(run.high);
    thread.take(run);
    thread.flush();
  }

  #ranWell(dataset: string): void {
    this.#lately.delete(dataset);
    this.#lately.add(dataset);
    if (this.#lately.size > WARM_DATASETS) this.#lately.delete(this.#lately.values().next().value as string);
  }
}
