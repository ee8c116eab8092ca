/**
 * Whether a request comes from our own page. Browsers send a cookie with whatever asks us, also when a foreign page
 * makes them ask; but they say where it comes from, in headers that no page can change: Sec-Fetch-Site (on https and
 * on loopback) and Origin (with everything that is not GET).
 */
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

/** What one header says: nothing, ours, or another page's. */
type Word = boolean | undefined;

/** @throws ApiError FORBIDDEN, when the browser says that it is another page, or does not say that it is ours */
export function assertFromOwnPage(request: FastifyRequest): void {
  const words = [siteSays(request), originSays(request)];
  if (words.includes(false) || !words.includes(true))
    throw new ApiError(
      'FORBIDDEN',
      'With the cookie of a session, only the page of this Dayline may do that.',
    );
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/json(;|$)/i.test(type))
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.');
}

/** @throws ApiError FORBIDDEN when the browser says that it is another page; programs say nothing */
export function assertNotFromOtherPage(request: FastifyRequest): void {
  if (siteSays(request) === false || originSays(request) === false)
    throw new ApiError('FORBIDDEN', 'Another page can not log in here.');
}

function siteSays({ headers }: FastifyRequest): Word {
  const site = headers['sec-fetch-site'];
  return site === undefined ? undefined : site === 'same-origin';
}

/** By the host alone: behind a proxy the page is on https, and we on http. */
function originSays({ headers, host }: FastifyRequest): Word {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  return URL.canParse(origin) && new URL(origin).host === host;
}
