/** What stands before every route under /api/v1: who asks and whether they may; and behind it: what was done. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_ERRORS } from '../errors.ts';
import { type ActionLog, actionOf } from './action-log.ts';
import { assertMay, makeIdentify, neededBy } from './auth.ts';
import { FailureSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

const SECURITY: Record<string, string[]>[] = [{ bearer: [] }, { session: [] }];

/** Guards the routes that are added to this part of the application afterwards. */
export function guardRoutes(api: FastifyInstance, { config }: Pick<ApiDeps, 'config'>, log: ActionLog): void {
  const identify = makeIdentify(config);
  api.addHook('onRequest', async (request) => {
    const needed = neededBy(request);
    if (needed === 'open') return;
    request.caller = identify(request);
    assertMay(request.caller, needed);
  });
  api.addHook('onSend', async (request, reply, payload) => {
    if (isAction(request, reply)) await log.write(actionOf(request, reply, payload));
    return payload;
  });
  api.addHook('onRoute', ({ schema }) => {
    if (!schema) return;
    schema.security ??= SECURITY;
    schema.response = { ...(schema.response as object), '4xx': FailureSchema, '5xx': FailureSchema };
  });
}

/** Requests that were not understood, or were one too many: nobody has done anything. */
const NO_ACTION = new Set<number>([
  API_ERRORS.VALIDATION_FAILED,
  API_ERRORS.BODY_TOO_LARGE,
  API_ERRORS.UNSUPPORTED_MEDIA_TYPE,
  API_ERRORS.RATE_LIMITED,
]);

/**
 * What changes something, or would have if its caller might; and log-ins, failed ones too. Of strangers nothing else:
 * anybody can send anything, and as often as they like.
 */
function isAction(request: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const { routeOptions, method, caller } = request;
  if (routeOptions.url === undefined || NO_ACTION.has(statusCode)) return false;
  const needed = neededBy(request);
  return needed === 'open' || (caller !== null && (needed === 'operate' || method === 'DELETE'));
}
