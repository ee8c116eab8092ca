/**
 * How many requests an address may send, counted in the memory of this web process. It keeps one careless script, or
 * somebody who guesses tokens, from taking all of web; it is no quota. A stream of events counts once.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { isLoopback } from './auth.ts';

const WINDOW_MS = 60_000;
/** A page asks about 2 requests a second: an office of 25 pages behind one address fits. */
const REQUESTS_A_MINUTE = 3_000;
/** Programs of this machine; a proxy on it, too, where TRUSTED_PROXIES is 0. */
const OWN_REQUESTS_A_MINUTE = 120_000;
const LOGINS_A_MINUTE = 10;

type Limiter = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Limits every request of the application. @returns the limit of log-ins, for their route */
export async function limitRequests(app: FastifyInstance): Promise<Limiter> {
  await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS });
  const requests = app.createRateLimit({
    max: ({ ip }: FastifyRequest) => (isLoopback(ip) ? OWN_REQUESTS_A_MINUTE : REQUESTS_A_MINUTE),
  });
  const logins = app.createRateLimit({ max: LOGINS_A_MINUTE });
  app.addHook('onRequest', limiter(requests, 'Too many requests from this address'));
  return limiter(logins, 'Too many log-ins from this address');
}

function limiter(count: ReturnType<FastifyInstance['createRateLimit']>, what: string): Limiter {
  return async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header('retry-after', counted.ttlInSeconds);
    throw new ApiError('RATE_LIMITED', `${what}: try again in ${counted.ttlInSeconds} s.`);
  };
}
