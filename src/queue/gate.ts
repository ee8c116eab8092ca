/**
 * The one gate before the queue (R12–R16): whatever submits, cancels, retries or asks goes through it. There is
 * no second way of running anything: without Redis the answer is QUEUE_UNAVAILABLE, within 1.5 s.
 */
import type { Config } from '../config.ts';
import { ApiError } from '../errors.ts';
import { inTime } from '../in-time.ts';
import { nodesConnected } from './redis.ts';
import type { QueueRedis } from './scripts.ts';

/** Longest time the gate takes to decide, in ms. */
const GATE_TIMEOUT_MS = 1000;

export type QueueAvailability =
  | { available: true; reason: null }
  | { available: false; reason: 'disabled' | 'unreachable' };

/** Whether the queue can be used now; never throws, takes at most {@link GATE_TIMEOUT_MS}. For /health. */
export async function queueAvailability(
  config: Pick<Config, 'REDIS_ENABLED'>,
  redis: QueueRedis | null,
): Promise<QueueAvailability> {
  if (!config.REDIS_ENABLED) return { available: false, reason: 'disabled' };
  if (redis && (await answers(redis))) return { available: true, reason: null };
  return { available: false, reason: 'unreachable' };
}

/**
 * Lets a request through when the queue can be used.
 * @param redis the connection of this process; null when none was opened (REDIS_ENABLED=false)
 * @throws ApiError QUEUE_UNAVAILABLE (503); the message says whether it is disabled or unreachable
 */
export async function assertQueueAvailable(
  config: Pick<Config, 'REDIS_ENABLED'>,
  redis: QueueRedis | null,
): Promise<void> {
  const { reason } = await queueAvailability(config, redis);
  if (reason) throw unavailable(reason);
}

/**
 * Does `work` on the queue behind the gate: {@link assertQueueAvailable} first, and when Redis goes away in the
 * middle of the work, the same error instead of a connection fault.
 */
export async function throughGate<T>(
  config: Pick<Config, 'REDIS_ENABLED'>,
  redis: QueueRedis | null,
  work: () => Promise<T>,
): Promise<T> {
  await assertQueueAvailable(config, redis);
  try {
    return await work();
  } catch (error) {
    throw isRedisAway(error) ? unavailable('unreachable') : error;
  }
}

/**
 * The same for work that only asks: it goes to Redis together with the gate's own question, so that an answer takes
 * one way there and back instead of two.
 */
export async function askThroughGate<T>(
  config: Pick<Config, 'REDIS_ENABLED'>,
  redis: QueueRedis | null,
  ask: () => Promise<T>,
): Promise<T> {
  const asked = redis?.status === 'ready' ? ask() : null;
  asked?.catch(() => {}); // where the gate refuses, nobody waits for it
  return await throughGate(config, redis, () => asked ?? ask());
}

function unavailable(reason: 'disabled' | 'unreachable'): ApiError {
  const message =
    reason === 'disabled'
      ? 'The task queue is turned off (REDIS_ENABLED=false). Turn it on to submit, cancel or query tasks.'
      : 'The task queue is not available: Redis does not answer. Nothing was run in its place; try again when it is back.';
  return new ApiError('QUEUE_UNAVAILABLE', message);
}

async function answers(redis: QueueRedis): Promise<boolean> {
  // The last try to connect has failed and the next one is due within half a second: no need to wait for it.
  if (['reconnecting', 'close', 'end'].includes(redis.status)) return false;
  const ready = Promise.withResolvers<void>();
  if (redis.status === 'ready') ready.resolve();
  else redis.once('ready', ready.resolve);
  const pong = ready.promise
    .then(() => nodesConnected(redis))
    .then(() => redis.ping())
    .then(
      () => true,
      () => false,
    );
  try {
    return await inTime(pong, GATE_TIMEOUT_MS, false);
  } finally {
    redis.off('ready', ready.resolve);
  }
}

const AWAY_REPLIES = /^(LOADING|BUSY|UNBLOCKED|READONLY|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|MISCONF|OOM)\b/;
const AWAY_FAULTS =
  /^(Connection is closed|Stream isn't writeable|Command timed out|Socket timeout|Failed to refresh slots cache|Cluster isn't ready|Reached the max retries)/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/** Whether an error says that Redis could not be reached or could not take a write, rather than that we erred. */
export function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && AWAY_CODES.has(code)) return true;
  return AWAY_REPLIES.test(error.message) || AWAY_FAULTS.test(error.message);
}
