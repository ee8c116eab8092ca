/**
 * Warm threads beside those that work. Where a thread is killed, one of them takes over at once: to boot another takes
 * tens of milliseconds. One stands by at all times. Where more kills are near than threads are free, others boot
 * before them, and leave when they were not needed.
 */
import type { Thread } from './thread.ts';

const AT_ALL_TIMES = 1;
/** While kills are near: each takes some 9 MB. */
const AT_MOST = 4;
/** The next one boots when the last one has begun to work, in ms: its boot would take the processor from that. */
const BOOTS_AFTER_MS = 25;
/** In ms; kills that are near are 500 ms ahead. */
const NOT_NEEDED_FOR_MS = 1_000;

/** Those of a pool. */
export interface Threads {
  /** How many of them may work at once. */
  readonly size: number;
  all(): readonly Thread[];
  boot(): void;
}

export class Spares {
  #threads: Threads;
  #booting: NodeJS.Timeout | undefined;
  #leaving: NodeJS.Timeout | undefined;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  /** Threads of a pool of such a size, at most. */
  static most(size: number): number {
    return size + AT_MOST;
  }

  /** Boots all that the pool begins with. */
  start(): void {
    this.#bootUpTo(this.#usual);
  }

  stop(): void {
    clearTimeout(this.#booting);
    clearTimeout(this.#leaving);
    this.#booting = undefined;
    this.#leaving = undefined;
  }

  /** A thread has gone. Those that tasks wait for boot at once. */
  replace(): void {
    this.#bootUpTo(this.#threads.size);
    this.#bootSoon();
  }

  /** A kill is near: it finds a thread that has booted. */
  killNear(): void {
    this.#bootUpTo(this.#busy.length + Math.min(this.near, AT_MOST));
    if (this.#surplus > 0) this.#leaveSoon();
  }

  /** Kills that are near. */
  get near(): number {
    return this.#busy.filter(({ killNear }) => killNear).length;
  }

  get #busy(): Thread[] {
    return this.#threads.all().filter(({ length }) => length > 0);
  }

  get #usual(): number {
    return this.#threads.size + AT_ALL_TIMES;
  }

  /** How many more than usual there are. */
  get #surplus(): number {
    return this.#threads.all().length - this.#usual;
  }

  #bootUpTo(wanted: number): void {
    for (let there = this.#threads.all().length; there < wanted; there++) this.#threads.boot();
  }

  /** When those that tasks wait for have booted: they are not to share the processor. */
  #bootSoon(): void {
    this.#booting ??= setTimeout(() => {
      this.#booting = undefined;
      if (this.#threads.all().some(({ ready }) => !ready)) this.#bootSoon();
      else this.#bootUpTo(this.#usual);
    }, BOOTS_AFTER_MS);
  }

  #leaveSoon(): void {
    this.#leaving ??= setTimeout(() => {
      this.#leaving = undefined;
      const free = this.#threads.all().filter(({ length, ready }) => length === 0 && ready);
      const spare = Math.min(this.#surplus, free.length - this.near);
      for (const thread of free.slice(0, Math.max(0, spare))) thread.leave();
      if (this.#surplus > 0) this.#leaveSoon();
    }, NOT_NEEDED_FOR_MS);
  }
}
