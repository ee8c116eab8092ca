/**
 * Sleeps in Redis while threads are free. Behind the sleep stands the claim, so that the ring itself runs it; what it
 * brought is the puller's. A ring for this supervisor alone wakes the keeper.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { asError, type Crash, type Service } from '../actors/service.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { isRedisAway } from '../queue/gate.ts';
import { Queue } from '../queue/queue.ts';
import { BLOCKED_AT_MOST_MS, openRedisOf, type RedisSettings } from '../queue/redis.ts';
import { ALIVE_TO_CLAIM_MS, type LeaseKeeper } from './lease-keeper.ts';
import type { Puller } from './puller.ts';

/** Pause before Redis is asked again after it went away, in ms. */
const AWAY_PAUSE_MS = 500;

interface Parts {
  supervisor_id: string;
  queue: Queue;
  puller: Puller;
  keeper: LeaseKeeper;
  log: Logger;
}

export class DoorbellListener implements Service {
  readonly name = 'doorbell-listener';
  #config: RedisSettings & Pick<Config, 'REDIS_KEY_PREFIX'>;
  #parts: Parts;
  #listening: { stop: AbortController; ended: Promise<void> } | undefined;

  constructor(config: RedisSettings & Pick<Config, 'REDIS_KEY_PREFIX'>, parts: Parts) {
    this.#config = config;
    this.#parts = parts;
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
    const { supervisor_id, queue, puller, keeper, log } = this.#parts;
    const redis = openRedisOf(this.#config, { name: 'dayline:doorbell', blocking: true });
    const bed = new Queue(redis, this.#config.REDIS_KEY_PREFIX);
    const hangUp = () => redis.disconnect();
    // Whoever can not be rung for is torn from its sleep: the connection opens anew.
    const recall = () => void queue.wake(supervisor_id).catch(() => redis.disconnect(true));
    stop.addEventListener('abort', hangUp, { once: true });
    try {
      while (!stop.aborted) {
        await puller.untilHungry(stop);
        try {
          const ring = await puller.sleep(
            (request) => bed.sleep(request, BLOCKED_AT_MOST_MS, ALIVE_TO_CLAIM_MS),
            recall,
          );
          if (ring === 'own') keeper.beatNow();
        } catch (error) {
          if (!isRedisAway(error)) throw error;
          log.debug({ err: error }, 'the doorbell is out of reach');
          await delay(AWAY_PAUSE_MS, undefined, { signal: stop });
        }
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      hangUp();
    }
  }
}
