/** How many calls to TuShare each task has used, over its attempts: for the report of its run. */
import { keyBase } from './keys.ts';
import type { QueueRedis } from './scripts.ts';

/** As long as an ended task itself, and a day. */
const LASTS_SECONDS = 8 * 86_400;

export class CallCount {
  readonly #redis: QueueRedis;
  readonly #base: string;

  /** @param prefix REDIS_KEY_PREFIX */
  constructor(redis: QueueRedis, prefix: string) {
    this.#redis = redis;
    this.#base = `${keyBase(prefix)}calls:`;
  }

  /** One call more; the count never stands without its end. */
  async note(task_id: string): Promise<void> {
    const key = this.#base + task_id;
    await this.#redis.multi().incr(key).expire(key, LASTS_SECONDS).exec();
  }

  /** 0 for a task that made none. */
  async of(task_id: string): Promise<number> {
    return Number((await this.#redis.get(this.#base + task_id)) ?? 0);
  }
}
