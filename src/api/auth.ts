/**
 * Who may do what. On loopback without tokens everything is open, but only to programs of this machine and to our
 * own page: another page in a browser can't use it (foreign Origin, or a Host that isn't this machine's own name). As
 * soon as a token is configured, every route under /api/v1 wants it, as bearer or by the session that it has opened:
 * `read` for queries, `operate` for the rest. Programs send the bearer; the page logs in and has a cookie.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type ApiToken, apiTokens, type Role } from '../api-tokens.ts';
import type { Config } from '../config.ts';
import { ApiError, ConfigError } from '../errors.ts';
import { assertFromOwnPage } from './same-origin.ts';
import { readSession, SESSION_COOKIE } from './session-cookie.ts';

type AuthConfig = Pick<Config, 'HOST' | 'API_READ_TOKENS' | 'API_OPERATE_TOKENS'>;

/** Who asks. */
export interface Caller {
  role: Role;
  /** Of the token, never the token itself; `loopback` where there are none. */
  name: string;
  via: 'loopback' | 'token' | 'session';
  /** End of the session, ms since the epoch; null: it is none. */
  expires_at: number | null;
}

/** `open`: it asks for nobody's token itself. */
export type Needed = Role | 'open';

declare module 'fastify' {
  interface FastifyRequest {
    /** null until its role is known: on open routes, and on a request that is refused. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** What the caller needs; without it `read` for GET and HEAD, `operate` for the rest. */
    needs?: Needed;
  }
}

/** Refuses settings under which strangers could submit tasks. @throws ConfigError */
export function assertMayListen(config: AuthConfig): void {
  if (isLoopback(config.HOST) || apiTokens(config).some(({ role }) => role === 'operate')) return;
  throw new ConfigError(
    `HOST ${config.HOST} can be reached from other machines, so API tokens are needed: set API_OPERATE_TOKENS (comma separated, long and random), or HOST=127.0.0.1.`,
  );
}

/** What the route of a request needs. */
export function neededBy({ method, routeOptions }: FastifyRequest): Needed {
  return routeOptions.config?.needs ?? (isQuery(method) ? 'read' : 'operate');
}

/** Makes what finds out who asks. It throws ApiError (401, 403, 415) for a caller that it does not believe. */
export function makeIdentify(config: AuthConfig): (request: FastifyRequest) => Caller {
  const tokens = apiTokens(config);
  if (tokens.length === 0)
    return (request) => {
      assertFromThisMachine(request);
      return { role: 'operate', name: 'loopback', via: 'loopback', expires_at: null };
    };
  const known = tokenFinder(tokens);
  return (request) =>
    request.headers.authorization === undefined ? bySession(tokens, request) : byBearer(known, request);
}

/** @throws ApiError FORBIDDEN */
export function assertMay({ role }: Caller, needed: Role): void {
  if (needed === 'operate' && role !== 'operate')
    throw new ApiError(
      'FORBIDDEN',
      'This token may only read; submitting, cancelling and changing need an operate token.',
    );
}

function byBearer(known: TokenFinder, { headers }: FastifyRequest): Caller {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined)
    throw new ApiError('UNAUTHORIZED', 'A bearer token is needed: Authorization: Bearer <token>.');
  const token = known(given);
  if (!token) throw new ApiError('UNAUTHORIZED', 'This bearer token is not known.');
  return { role: token.role, name: token.name, via: 'token', expires_at: null };
}

function bySession(tokens: readonly ApiToken[], request: FastifyRequest): Caller {
  const value = request.cookies[SESSION_COOKIE];
  if (value === undefined)
    throw new ApiError('UNAUTHORIZED', 'A token is needed: Authorization: Bearer <token>, or log in.');
  const session = readSession(tokens, value);
  if (!session) throw new ApiError('UNAUTHORIZED', 'This session is over: log in again.');
  if (!isQuery(request.method)) assertFromOwnPage(request);
  const { token, expires_at } = session;
  return { role: token.role, name: token.name, via: 'session', expires_at };
}

export type TokenFinder = (given: string) => ApiToken | undefined;

/** Compares with every token, and hashes of one length, so that the time taken tells nothing about any of them. */
export function tokenFinder(tokens: readonly ApiToken[]): TokenFinder {
  const hashes = tokens.map((token) => ({ token, hash: digest(token.secret) }));
  return (given) => {
    const hash = digest(given);
    let found: ApiToken | undefined;
    for (const candidate of hashes) {
      const fits = timingSafeEqual(candidate.hash, hash);
      if (fits) found ??= candidate.token;
    }
    return found;
  };
}

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(name);
}

/** Keeps web pages out: their requests carry a foreign Origin, or (DNS rebinding) a foreign Host. */
export function assertFromThisMachine(request: FastifyRequest): void {
  const { origin } = request.headers;
  const ownOrigin = origin === undefined || origin === `http://${request.headers.host}`;
  if (!ownOrigin || !isLoopback(request.hostname)) {
    throw new ApiError('FORBIDDEN', 'Without API tokens only this machine itself may use the API.');
  }
}

const isQuery = (method: string): boolean => method === 'GET' || method === 'HEAD';

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
