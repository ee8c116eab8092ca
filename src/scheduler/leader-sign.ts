/** A key in Redis that says who leads, and is gone 5 s after it led for the last time: for /scheduler/status and tests. */
import type { QueueRedis } from '../queue/scripts.ts';

const LASTS_MS = 5_000;

export class LeaderSign {
  readonly #redis: QueueRedis;
  readonly #key: string;

  /** @param prefix REDIS_KEY_PREFIX */
  constructor(redis: QueueRedis, prefix: string) {
    this.#redis = redis;
    this.#key = `{${prefix}}:scheduler`;
  }

  /** Says that this supervisor leads now. @returns the time by the clock of Redis, ms since the epoch */
  async show(supervisor_id: string): Promise<number> {
    const [time] = await Promise.all([
      this.#redis.time(),
      this.#redis.set(this.#key, supervisor_id, 'PX', LASTS_MS),
    ]);
    return Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000);
  }

  /** The supervisor that leads; null: none does. */
  leader(): Promise<string | null> {
    return this.#redis.get(this.#key);
  }
}
