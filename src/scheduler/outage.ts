/**
 * A note in Redis that schedules wait, made by the first supervisor to find it and removed by the first one to follow
 * them again. Leadership goes round while Postgres is away, and each leader finds the same: one line in all logs is
 * enough for the beginning of an outage, and one for its end, by whoever leads then.
 */
import type { QueueRedis } from '../queue/scripts.ts';

export class Outage {
  readonly #redis: QueueRedis;
  readonly #key: string;

  /** @param prefix REDIS_KEY_PREFIX */
  constructor(redis: QueueRedis, prefix: string) {
    this.#redis = redis;
    this.#key = `{${prefix}}:scheduler:outage`;
  }

  /** @param now ms since the epoch. @returns whether nobody had noted it before */
  async noted(now: number): Promise<boolean> {
    return (await this.#redis.set(this.#key, now, 'NX')) === 'OK';
  }

  /** @returns when it began, ms since the epoch; null: there was none, or another supervisor has told its end */
  async over(): Promise<number | null> {
    const since = await this.#redis.getdel(this.#key);
    return since === null ? null : Number(since);
  }
}
