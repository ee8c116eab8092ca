/** The processes of a window test: started, killed, frozen and replaced; what they tell of their calls is kept here. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { monotonicMs } from '../../src/clock.ts';
import { limitKeys } from '../../src/limits/limit-keys.ts';
import { SlotTimes } from '../../src/limits/slot-times.ts';
import type { Torn } from '../support/torn.ts';
import type { Holding } from './lost-slots.ts';
import type { FromProcess, ToProcess } from './window-process.ts';
import type { CallReport } from './window-thread.ts';

export interface CrowdSettings {
  redisUrl: string;
  simulatorUrl: string;
  limit: number;
  windowSeconds: number;
  threads: number;
  inFlight: number;
}

export interface Member {
  readonly name: string;
  readonly child: ChildProcess;
  readonly person: boolean;
}

const CALL_SECONDS = 30;

export class Crowd {
  /** By the id of the call. */
  readonly reports = new Map<string, CallReport & { person: boolean }>();
  /** What killed and frozen processes and threads held in calls, when they were. */
  readonly holdings: Holding[] = [];
  #settings: CrowdSettings;
  #redis: Redis;
  #torn: Torn;
  #started = 0;

  constructor(torn: Torn, settings: CrowdSettings) {
    this.#torn = torn;
    this.#settings = settings;
    this.#redis = new Redis(settings.redisUrl);
    torn.teardown(() => this.#redis.disconnect());
  }

  /** @param everyMs a person that makes one call so often; 0: jobs. Resolves when its window is open. */
  async start(clockOffMs: number, everyMs = 0): Promise<Member> {
    const { redisUrl, simulatorUrl, limit, windowSeconds, threads, inFlight } = this.#settings;
    const person = everyMs > 0;
    const name = `${person ? 'person' : 'process'}-${++this.#started}`;
    const child = fork(new URL('./window-process.ts', import.meta.url), {
      env: {
        PATH: process.env.PATH,
        PROCESS_NAME: name,
        REDIS_URL: redisUrl,
        SIMULATOR_URL: simulatorUrl,
        TUSHARE_RATE_LIMIT_MAX_CALLS: String(limit),
        TUSHARE_RATE_LIMIT_WINDOW_SECONDS: String(windowSeconds),
        TUSHARE_HTTP_TIMEOUT_SECONDS: String(CALL_SECONDS),
        THREADS: String(person ? 1 : threads),
        IN_FLIGHT: String(person ? 1 : inFlight),
        EVERY_MS: String(everyMs),
        CLOCK_OFF_MS: String(clockOffMs),
      },
    });
    child.on('message', (message: FromProcess) => {
      if (message === 'ready') return;
      if ('slots' in message) this.holdings.push(message);
      else this.reports.set(message.id, { ...message, person });
    });
    const member = { name, child, person };
    this.#torn.teardown(() => this.end(member));
    await once(child, 'message');
    return member;
  }

  /** SIGKILL. */
  async kill(member: Member): Promise<void> {
    await this.end(member);
    await this.#noteHeld(member, Number.POSITIVE_INFINITY);
  }

  /** SIGSTOP for so long. */
  async freeze(member: Member, ms: number): Promise<void> {
    member.child.kill('SIGSTOP');
    setTimeout(() => member.child.kill('SIGCONT'), ms);
    await this.#noteHeld(member, ms);
  }

  /** Kills one of its threads; what that had called with counts as cut short, and its process tells what that was. */
  killThread(member: Member): void {
    member.child.send('kill_thread' satisfies ToProcess);
  }

  async end({ child }: Member): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /**
   * Slots of calls under way are held for longer than a window: until they could be used no more. Who wakes before that
   * says that the call has ended, and holds them for a window from then on.
   */
  async #noteHeld({ name, child }: Member, wakesAfterMs: number): Promise<void> {
    const { windowSeconds } = this.#settings;
    const { holdMs } = new SlotTimes(windowSeconds * 1000, CALL_SECONDS * 1000);
    const key = `b_${limitKeys('stock').pool('token')}_job_expirations`;
    const [[seconds, micros], slots] = await Promise.all([
      this.#redis.time(),
      this.#redis.zrange(key, '0', '-1', 'WITHSCORES'),
    ]);
    const at = monotonicMs();
    const now = Number(seconds) * 1000 + Number(micros) / 1000;
    const held: number[] = [];
    for (let i = 0; i < slots.length; i += 2) {
      const left = Number(slots[i + 1]) - now;
      if (slots[i]?.startsWith(`${name}:`) && left > holdMs) held.push(Math.min(left, wakesAfterMs + holdMs));
    }
    this.holdings.push({ calls: `${child.pid}-`, at, slots: held });
  }
}
