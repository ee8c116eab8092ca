/** A Redis that REDIS_URL names has to answer before anything is started on it. */
import { CliError } from '../cli/client.ts';
import type { Config } from '../config.ts';
import { openQueue } from '../queue/access.ts';
import { queueAvailability } from '../queue/gate.ts';

/** The gate decides within a second; the first connection over TLS may take longer. */
const TRIES = 5;

/** @throws CliError REDIS_UNAVAILABLE when it doesn't answer within 5 s */
export async function assertRedisAnswers(config: Config): Promise<void> {
  const { redis } = openQueue(config, 'dayline:up');
  try {
    for (let tried = 0; tried < TRIES; tried += 1)
      if ((await queueAvailability(config, redis)).available) return;
  } finally {
    redis?.disconnect();
  }
  throw new CliError(
    'REDIS_UNAVAILABLE',
    'The Redis that REDIS_URL names does not answer. Is it running, and is its password right? ' +
      'Without REDIS_URL a private one is started.',
  );
}
