/**
 * Actions that Postgres does not have yet, oldest first: list `actions`. Whoever has copied the oldest removes exactly
 * those that it copied; whatever dies in between costs a copy that is made again, over itself.
 */
import { queueKeys } from './keys.ts';
import type { QueueRedis } from './scripts.ts';

/** About 30 MB of Redis. Postgres has been away for days when so much waits. */
const WAITING_AT_MOST = 100_000;

export class WaitingActions {
  readonly #redis: QueueRedis;
  readonly #key: string;

  /** @param prefix REDIS_KEY_PREFIX, without braces */
  constructor(redis: QueueRedis, prefix: string) {
    this.#redis = redis;
    this.#key = queueKeys(prefix).actions;
  }

  /** @returns how many of the oldest had to go for it */
  async add(text: string): Promise<number> {
    const waiting = await this.#redis.rpush(this.#key, text);
    if (waiting <= WAITING_AT_MOST) return 0;
    await this.#redis.ltrim(this.#key, -WAITING_AT_MOST, -1);
    return waiting - WAITING_AT_MOST;
  }

  oldest(limit: number): Promise<string[]> {
    return this.#redis.lrange(this.#key, 0, limit - 1);
  }

  async remove(texts: readonly string[]): Promise<void> {
    const commands = this.#redis.multi();
    for (const text of texts) commands.lrem(this.#key, 1, text);
    await commands.exec();
  }

  count(): Promise<number> {
    return this.#redis.llen(this.#key);
  }
}
