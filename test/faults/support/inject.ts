/** Carries faults out, several at once where they strike different things, and keeps the timeline. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Crew, Post } from './crew.ts';
import type { Fault, FaultKind } from './schedule.ts';
import type { RestartableServer } from './servers.ts';

/** A fault as it happened; times in ms since the epoch. */
export interface Struck {
  number: number;
  kind: FaultKind;
  /** The supervisor it struck; null: a server, all connections, or a thread. */
  supervisor_id: string | null;
  began: number;
  /** null while it lasts. */
  ended: number | null;
}

interface Stage {
  crew: Crew;
  redis: RestartableServer;
  postgres: RestartableServer;
  /** Submits a task that troubles its thread. */
  trouble(kind: 'spins' | 'exits'): Promise<void>;
  /** Redis is back from a kill -9. @param killed when, in ms since the epoch. */
  redisKilled(killed: number): Promise<void>;
}

export class Injector {
  readonly timeline: Struck[] = [];
  #stage: Stage;
  /** What is being struck; a second fault of the same thing waits for the first to end. */
  #busy = new Map<unknown, Promise<void>>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Begins a fault; doesn't wait for its end. */
  strike(fault: Fault): void {
    const struck: Struck = {
      number: this.timeline.length + 1,
      kind: fault.kind,
      supervisor_id: null,
      began: Date.now(),
      ended: null,
    };
    this.timeline.push(struck);
    this.#afterOthers(this.#targetOf(fault), async () => {
      struck.began = Date.now();
      await this.#carryOut(fault, struck);
      struck.ended = Date.now();
    });
  }

  /** Resolves when no fault lasts any more. @throws what went wrong with the faults themselves. */
  async over(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  #afterOthers(target: unknown, work: () => Promise<void>): void {
    const before = this.#busy.get(target) ?? Promise.resolve();
    const after = before.then(work);
    after.catch(() => {}); // over() tells it
    this.#busy.set(target, after);
  }

  #targetOf({ kind, slot }: Fault): unknown {
    if (kind.startsWith('redis')) return this.#stage.redis;
    if (kind.startsWith('postgres')) return this.#stage.postgres;
    if (kind.startsWith('thread')) return kind;
    return kind === 'cut' || kind === 'stall' ? `way ${slot}` : slot;
  }

  async #carryOut({ kind, slot, ms }: Fault, struck: Struck): Promise<void> {
    const { crew, redis, postgres, trouble, redisKilled } = this.#stage;
    const posts = slot === null ? crew.posts : [crew.posts[slot] as Post];
    if (slot !== null) struck.supervisor_id = (posts[0] as Post).member.supervisor_id;
    switch (kind) {
      case 'kill':
        Object.assign(struck, { began: (await crew.replace(slot as number)).at });
        return;
      case 'freeze':
        return freeze(posts[0] as Post, ms);
      case 'block':
        return block(posts[0] as Post, ms);
      case 'cut':
        return unreachable(posts, 'cut', ms);
      case 'stall':
        return unreachable(posts, 'stall', ms);
      case 'redis_kill':
        await redis.restart('kill', ms);
        return redisKilled(struck.began);
      case 'redis_stop':
        return redis.restart('stop', ms);
      case 'postgres_kill':
        return postgres.restart('kill', ms);
      case 'postgres_stop':
        return postgres.restart('stop', ms);
      case 'thread_spin':
        return trouble('spins');
      case 'thread_exit':
        return trouble('exits');
    }
  }
}

async function freeze({ member }: Post, ms: number): Promise<void> {
  member.process.signal('SIGSTOP');
  await delay(ms);
  member.process.signal('SIGCONT');
}

async function block({ member }: Post, ms: number): Promise<void> {
  const release = member.process.block();
  await delay(ms);
  release();
}

/** Where two of these overlap on one connection, the end of the first is the end of both. */
async function unreachable(posts: Post[], how: 'cut' | 'stall', ms: number): Promise<void> {
  for (const { proxy } of posts) proxy[how]();
  await delay(ms);
  for (const { proxy } of posts) proxy.restore();
}
