/**
 * The session of a browser: a cookie that says until when it holds, signed with a key made from the token that it was
 * opened with. Nothing is stored, so it holds in every web process and over restarts; it ends with its time, with the
 * log-out of its browser, and, everywhere at once, when its token is taken out of the settings.
 *
 *   <end, s since the epoch> . <random> . <HMAC-SHA256 of both>
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiToken } from '../api-tokens.ts';

export const SESSION_COOKIE = 'dayline_session';
/** A working day; then the token is asked for again. */
export const SESSION_SECONDS = 12 * 3600;

const SHAPE = /^(\d{10})\.([\w-]{22})\.([\w-]{43})$/;

/** @param now ms since the epoch */
export function openSession({ secret }: ApiToken, now = Date.now()): { value: string; expires_at: number } {
  const end = Math.floor(now / 1000) + SESSION_SECONDS;
  const signed = `${end}.${randomBytes(16).toString('base64url')}`;
  return { value: `${signed}.${sign(secret, signed).toString('base64url')}`, expires_at: end * 1000 };
}

/** The token that a session was opened with; undefined when it is none of ours, or over. */
export function readSession(
  tokens: readonly ApiToken[],
  value: string,
  now = Date.now(),
): { token: ApiToken; expires_at: number } | undefined {
  const [, end, random, mac] = SHAPE.exec(value) ?? [];
  if (end === undefined || mac === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  let token: ApiToken | undefined;
  // every token is tried, so that the time taken doesn't tell which one fits
  for (const candidate of tokens) {
    const fits = timingSafeEqual(sign(candidate.secret, `${end}.${random}`), given);
    if (fits) token ??= candidate;
  }
  const expires_at = Number(end) * 1000;
  return token && expires_at > now ? { token, expires_at } : undefined;
}

function sign(secret: string, text: string): Buffer {
  const key = createHash('sha256').update(`dayline session\0${secret}`).digest();
  return createHmac('sha256', key).update(text).digest();
}
