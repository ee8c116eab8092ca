/**
 * Who may do what. On loopback without tokens everything is open, but only to programs of this machine: a
 * page in a browser can't use it (foreign Origin, or a Host that isn't this machine's own name). As soon as a
 * token is configured, every route under /api/v1 wants a bearer token: `read` for queries, `operate` for the rest.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { commaList } from '../comma-list.ts';
import type { Config } from '../config.ts';
import { ApiError, ConfigError } from '../errors.ts';

export type Role = 'read' | 'operate';
type AuthConfig = Pick<Config, 'HOST' | 'API_READ_TOKENS' | 'API_OPERATE_TOKENS'>;

/** Refuses settings under which strangers could submit tasks. @throws ConfigError */
export function assertMayListen(config: AuthConfig): void {
  if (isLoopback(config.HOST) || commaList(config.API_OPERATE_TOKENS).length > 0) return;
  throw new ConfigError(
    `HOST ${config.HOST} can be reached from other machines, so API tokens are needed: set API_OPERATE_TOKENS (comma separated, long and random), or HOST=127.0.0.1.`,
  );
}

/** Makes the check of a request: it throws ApiError (401 or 403) when the caller may not do it. */
export function makeAuth(config: AuthConfig): (request: FastifyRequest, needed: Role) => void {
  const operators = commaList(config.API_OPERATE_TOKENS).map(digest);
  const readers = commaList(config.API_READ_TOKENS).map(digest);
  if (operators.length + readers.length === 0) return (request) => assertFromThisMachine(request);

  return (request, needed) => {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) {
      throw new ApiError('UNAUTHORIZED', 'A bearer token is needed: Authorization: Bearer <token>.');
    }
    const hash = digest(given);
    const operates = holds(operators, hash);
    const reads = holds(readers, hash);
    if (!operates && !reads) throw new ApiError('UNAUTHORIZED', 'This bearer token is not known.');
    if (needed === 'operate' && !operates) {
      throw new ApiError(
        'FORBIDDEN',
        'This token may only read; submitting and cancelling need an operate token.',
      );
    }
  };
}

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** Keeps web pages out: their requests carry a foreign Origin, or (DNS rebinding) a foreign Host. */
function assertFromThisMachine(request: FastifyRequest): void {
  const { origin } = request.headers;
  const ownOrigin = origin === undefined || origin === `http://${request.headers.host}`;
  if (!ownOrigin || !isLoopback(request.hostname)) {
    throw new ApiError('FORBIDDEN', 'Without API tokens only this machine itself may use the API.');
  }
}

/** Hashes have one length, so the comparison tells nothing about a token, not even how long it is. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Compares with every token, so that the time taken doesn't tell which one fits. */
function holds(known: Buffer[], hash: Buffer): boolean {
  return known.reduce((found, candidate) => timingSafeEqual(candidate, hash) || found, false);
}
