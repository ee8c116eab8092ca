/**
 * One lock per job type by Redlock: the guard against a queue Redis that was lost or failed over (design § 4). The
 * claim comes first; a lock that is refused hands the task back. One Redis by default; REDLOCK_URLS names 3 or 5
 * independent ones, and then a majority decides.
 *
 * By default that one is the queue's own. Redlock with one server is a SET NX PX, which the scripts that claim and
 * finish do themselves (lua/shared/lock.lua): that saves two calls a task, and the claim's waiting for the lock.
 *
 * A lock lives 4 s. Its owner renews it every 1.3 s, all locks in one tick, so that two renewals in a row may fail.
 */
import { randomBytes } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { ExecutionError, Redlock, ResourceLockedError } from 'redlock';
import type { Service } from '../actors/service.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { type RedisTlsSettings, redisTls } from '../queue/redis-tls.ts';
import { LockBatches, type RedlockKey } from './lock-batches.ts';
import { connectLockServers, databaseOf, majorityOf, majorityReady } from './lock-servers.ts';

/** Life of a lock in ms, the same as of a task's lease (design § 4). */
export const LOCK_TTL_MS = 4_000;
/** What Redlock subtracts from the life of a lock for clocks that run at different speeds: 1 % and 2 ms. */
const DRIFT_MS = LOCK_TTL_MS * 0.01 + 2;

/** A job type that is locked by this process. */
export interface TypeLock {
  readonly job_type: string;
  /** By the monotonic clock, in ms: past it another process may have the lock. Moved on by every extend(). */
  readonly expires_at: number;
  /**
   * Renews it for its full life.
   * @throws TypeLockLost when it is gone; TypeLockUnavailable when too few servers answered (then it is still
   * ours until `expires_at`, and may be tried again).
   */
  extend(): Promise<void>;
  /** Gives it up. Never rejects: a lock that can't be given up ends by itself. Twice is harmless. */
  release(): Promise<void>;
  /** It is given up elsewhere, with this value: nothing is renewed any more. */
  leave(): string;
}

/** Somebody else has the lock, for `remaining_ms` at most if it is not renewed. */
export class TypeLockRefused extends Error {
  override readonly name = 'TypeLockRefused';
  readonly job_type: string;
  readonly remaining_ms: number;

  constructor(job_type: string, remaining_ms: number) {
    super(`${job_type} is locked by another run for ${remaining_ms} ms more.`);
    this.job_type = job_type;
    this.remaining_ms = remaining_ms;
  }
}

/** The lock has ended, or another process has it: whatever ran under it must stop. */
export class TypeLockLost extends Error {
  override readonly name = 'TypeLockLost';
}

/** No majority of the lock servers answered. */
export class TypeLockUnavailable extends Error {
  override readonly name = 'TypeLockUnavailable';
}

type LockConfig = Pick<Config, 'REDIS_KEY_PREFIX' | 'REDLOCK_URLS'> & RedisTlsSettings;

export class TypeLocks implements Service {
  readonly name = 'type-locks';
  #redis: Redis | Cluster;
  #config: LockConfig;
  #log: Logger;
  #servers: (Redis | Cluster)[] = [];
  #batches: LockBatches | undefined;

  /** @param redis a connection to the queue's Redis; it is copied, and only used when REDLOCK_URLS is empty. */
  constructor(redis: Redis | Cluster, config: LockConfig, log: Logger) {
    this.#redis = redis;
    this.#config = config;
    this.#log = log;
  }

  /** Connects. @throws ConfigError for a bad REDLOCK_URLS; TypeLockUnavailable when no majority comes up. */
  async start(): Promise<void> {
    if (this.#batches) return;
    this.#servers = connectLockServers(this.#redis, this.#config.REDLOCK_URLS, redisTls(this.#config));
    for (const [number, server] of this.#servers.entries()) {
      this.#tellOutages(server, number);
    }
    try {
      const db = databaseOf(this.#servers);
      if (!(await majorityReady(this.#servers)))
        throw new TypeLockUnavailable('No majority of the lock servers came up.');
      // Never retried here: a refusal is an answer, and the supervisor renews in its own tick.
      this.#batches = new LockBatches(new Redlock(this.#servers, { retryCount: 0, db }), LOCK_TTL_MS);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Disconnects. Locks that were not released end by themselves within 4 s. */
  async stop(): Promise<void> {
    this.#batches = undefined;
    for (const server of this.#servers.splice(0)) server.disconnect();
  }

  /** What claims are to lock their job types with; '' where the locks don't stand in the queue's Redis. */
  claimValue(): string {
    return this.#config.REDLOCK_URLS === '' && this.#batches ? randomBytes(16).toString('hex') : '';
  }

  /**
   * A lock that was taken with a claim.
   * @param value what {@link claimValue} gave for that claim
   * @param asked when the claim was sent, by the monotonic clock, in ms
   */
  claimed(job_type: string, value: string, asked: number): TypeLock {
    if (!this.#batches) throw new TypeLockUnavailable('The type locks are not started.');
    return new HeldLock(job_type, this.#batches, { key: this.#key(job_type), value }, asked);
  }

  /**
   * Locks a job type for 4 s. Those that are asked for in one turn travel together.
   * @throws TypeLockRefused when another process has it; TypeLockUnavailable when too few servers answered.
   */
  async acquire(job_type: string): Promise<TypeLock> {
    const batches = this.#batches;
    if (!batches) throw new TypeLockUnavailable('The type locks are not started.');
    const key = this.#key(job_type);
    const asked = monotonicMs();
    try {
      return new HeldLock(job_type, batches, await batches.acquire(key), asked);
    } catch (error) {
      if (await refusedByMajority(error)) throw new TypeLockRefused(job_type, await this.#remainingMs(key));
      throw new TypeLockUnavailable(`Too few lock servers answered for ${job_type}.`);
    }
  }

  #key(job_type: string): string {
    return `{${this.#config.REDIS_KEY_PREFIX}}:lock:${job_type}`;
  }

  /** A connection reports every attempt; one line for an outage and one for its end are enough. */
  #tellOutages(server: Redis | Cluster, number: number): void {
    let away = false;
    server.on('error', (error) => {
      if (!away) this.#log.warn({ err: error, server: number }, 'type locks: a lock server is away');
      away = true;
    });
    server.on('ready', () => {
      if (away) this.#log.info({ server: number }, 'type locks: a lock server is back');
      away = false;
    });
  }

  /** When a majority of the servers will be free of the lock, if nobody renews it. */
  async #remainingMs(key: string): Promise<number> {
    const lives = await Promise.all(
      this.#servers.map((server) =>
        server.pttl(key).then(
          (ms) => Math.max(1, ms),
          () => LOCK_TTL_MS,
        ),
      ),
    );
    return lives.toSorted((a, b) => a - b)[majorityOf(lives.length) - 1] ?? LOCK_TTL_MS;
  }
}

class HeldLock implements TypeLock {
  readonly job_type: string;
  #batches: LockBatches;
  #lock: RedlockKey;
  #expiresAt: number;

  constructor(job_type: string, batches: LockBatches, lock: RedlockKey, asked: number) {
    this.job_type = job_type;
    this.#batches = batches;
    this.#lock = lock;
    this.#expiresAt = asked + LOCK_TTL_MS - DRIFT_MS;
  }

  get expires_at(): number {
    return this.#expiresAt;
  }

  async extend(): Promise<void> {
    const asked = monotonicMs();
    if (asked >= this.#expiresAt) throw this.#lost();
    try {
      await this.#batches.extend(this.#lock);
      this.#expiresAt = asked + LOCK_TTL_MS - DRIFT_MS;
    } catch (error) {
      if (await refusedByMajority(error)) throw this.#lost();
      throw new TypeLockUnavailable(`Too few lock servers answered for ${this.job_type}.`);
    }
  }

  async release(): Promise<void> {
    this.#expiresAt = 0;
    await this.#batches.release(this.#lock); // or it ends by itself within 4 s
  }

  leave(): string {
    this.#expiresAt = 0;
    return this.#lock.value;
  }

  #lost(): TypeLockLost {
    this.#expiresAt = 0;
    return new TypeLockLost(`The lock of ${this.job_type} is lost.`);
  }
}

/** Whether a failed operation was refused by enough servers to be certain, and not only by silence. */
async function refusedByMajority(error: unknown): Promise<boolean> {
  if (!(error instanceof ExecutionError)) throw error;
  const stats = await error.attempts.at(-1);
  if (!stats) return false;
  const refusals = [...stats.votesAgainst.values()].filter((vote) => vote instanceof ResourceLockedError);
  return stats.membershipSize - refusals.length < stats.quorumSize;
}
