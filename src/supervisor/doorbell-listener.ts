/** Sleeps on the doorbell while threads are free, and wakes the puller when work arrives. */
import { setTimeout as delay } from 'node:timers/promises';
import { asError, type Crash, type Service } from '../actors/service.ts';
import type { Logger } from '../log.ts';
import { isRedisAway } from '../queue/gate.ts';
import type { Queue } from '../queue/queue.ts';
import { BLOCKED_AT_MOST_MS, openRedisOf, type RedisSettings } from '../queue/redis.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import type { Puller } from './puller.ts';

/** Pause before Redis is asked again after it went away, in ms. */
const AWAY_PAUSE_MS = 500;

export class DoorbellListener implements Service {
  readonly name = 'doorbell-listener';
  #config: RedisSettings;
  #queue: Queue;
  #puller: Puller;
  #log: Logger;
  #listening: { stop: AbortController; ended: Promise<void> } | undefined;

  constructor(config: RedisSettings, queue: Queue, puller: Puller, log: Logger) {
    this.#config = config;
    this.#queue = queue;
    this.#puller = puller;
    this.#log = log;
  }

  async start(crash: Crash): Promise<void> {
    const stop = new AbortController();
    const ended = this.#listen(stop.signal).catch((error) => crash(asError(error)));
    this.#listening = { stop, ended };
  }

  async stop(): Promise<void> {
    this.#listening?.stop.abort();
    await this.#listening?.ended;
    this.#listening = undefined;
  }

  async #listen(stop: AbortSignal): Promise<void> {
    const redis = openRedisOf(this.#config, { name: 'dayline:doorbell', blocking: true });
    const hangUp = () => redis.disconnect();
    stop.addEventListener('abort', hangUp, { once: true });
    try {
      while (!stop.aborted) {
        await this.#puller.untilHungry(stop);
        await this.#sleep(redis, stop);
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      hangUp();
    }
  }

  async #sleep(redis: QueueRedis, stop: AbortSignal): Promise<void> {
    try {
      if (await this.#queue.waitForBell(redis, BLOCKED_AT_MOST_MS)) this.#puller.look();
    } catch (error) {
      if (!isRedisAway(error)) throw error;
      this.#log.debug({ err: error }, 'the doorbell is out of reach');
      await delay(AWAY_PAUSE_MS, undefined, { signal: stop });
    }
  }
}
