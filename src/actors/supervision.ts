/**
 * A parent of services. A child that crashes is started again, alone (one-for-one), after a pause that doubles
 * from 100 ms; a child that crashes more than 5 times in 30 s crashes its parent in turn. When the root crashes,
 * the process exits non-zero and whoever runs the dyno starts it afresh.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../clock.ts';
import type { Logger } from '../log.ts';
import { asError, type Crash, type Service } from './service.ts';

/** Restarts of one child inside {@link INTENSITY_WINDOW_MS} before its parent gives up. */
export const MAX_RESTARTS = 5;
export const INTENSITY_WINDOW_MS = 30_000;
const FIRST_PAUSE_MS = 100;

export class Supervision implements Service {
  readonly name: string;
  #children: Service[];
  #log: Logger;
  #crash: Crash | undefined;
  #crashes = new Map<Service, number[]>();
  #stopping = new AbortController();
  #restarts = new Set<Promise<void>>();

  /** @param children started in this order, stopped in the reverse one. */
  constructor(name: string, children: Service[], log: Logger) {
    this.name = name;
    this.#children = children;
    this.#log = log;
  }

  async start(crash: Crash): Promise<void> {
    this.#crash = crash;
    this.#stopping = new AbortController();
    this.#crashes.clear();
    for (const child of this.#children) await child.start((error) => this.#childCrashed(child, error));
  }

  async stop(): Promise<void> {
    this.#crash = undefined;
    this.#stopping.abort();
    await Promise.all(this.#restarts);
    for (const child of this.#children.toReversed()) await child.stop();
  }

  #childCrashed(child: Service, error: Error): void {
    if (!this.#crash) return;
    const now = monotonicMs();
    const recent = (this.#crashes.get(child) ?? []).filter((at) => now - at < INTENSITY_WINDOW_MS);
    recent.push(now);
    this.#crashes.set(child, recent);
    this.#log.error({ child: child.name, crashes: recent.length, err: error }, 'a child crashed');
    if (recent.length > MAX_RESTARTS) {
      const crash = this.#crash;
      this.#crash = undefined;
      crash(
        new Error(`${child.name} crashed ${recent.length} times in 30 s, last: ${error.message}`, {
          cause: error,
        }),
      );
      return;
    }
    const restart = this.#startAgain(child, FIRST_PAUSE_MS * 2 ** (recent.length - 1));
    this.#restarts.add(restart);
    restart.finally(() => this.#restarts.delete(restart));
  }

  async #startAgain(child: Service, pauseMs: number): Promise<void> {
    await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    if (!this.#crash) return;
    try {
      await child.stop();
      await child.start((error) => this.#childCrashed(child, error));
      this.#log.info({ child: child.name }, 'a child was started again');
    } catch (thrown) {
      this.#childCrashed(child, asError(thrown));
    }
  }
}
