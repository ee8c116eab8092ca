/** The one place where an error becomes an answer. What isn't known is told as 500, without internals. */
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_ERRORS, ApiError, type ApiErrorCode } from '../errors.ts';
import { ANSWER_POLICY, policyText } from './content-policy.ts';
import { failure } from './envelope.ts';

/** The sentence of the REST contract for every unexpected error. */
const INTERNAL_MESSAGE = '服务器内部错误，请稍后重试';

/** What Fastify itself refuses before a handler runs. */
const REFUSED_BY_FASTIFY: Record<string, [ApiErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [
    'VALIDATION_FAILED',
    'The body is not valid JSON, or has a key that is not taken (__proto__, constructor.prototype).',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['VALIDATION_FAILED', 'The body is empty; a JSON object was expected.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'VALIDATION_FAILED',
    'The body is not as long as its Content-Length says.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', 'The body is larger than this API takes (256 KiB).'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.'],
};

/** For the answers that helmet does not see, because no hook runs for them. */
const BARE_HEADERS = {
  'content-security-policy': policyText(ANSWER_POLICY),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
};

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Installs the error handler and the answer for unknown routes. */
export function answerErrors(app: FastifyInstance, unknownRoute: Handler = answerUnknownRoute): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(unknownRoute);
}

/** Also for what Fastify refuses before it looks for a route: a broken escape (%zz), an endless path segment. */
export function answerUnknownPath(_error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  return answerUnknownRoute(request, reply.headers(BARE_HEADERS));
}

/** For what is no HTTP that node can read: it never becomes a request, but its sender gets an envelope too. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = JSON.stringify(
    tooLarge
      ? failure('BODY_TOO_LARGE', 'URL and headers together are larger than this API takes (16 KiB).')
      : failure('VALIDATION_FAILED', 'This is not an HTTP request.'),
  );
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const bare = Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status}\r\n${bare.join('')}Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
}

export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?')[0]?.slice(0, 200);
  return send(reply, 'NOT_FOUND', `There is no ${request.method} ${path}.`);
}

function answerError(error: FastifyError | ApiError | Error, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof ApiError) return send(reply, error.code, error.message);
  if ('validation' in error && error.validation) return send(reply, 'VALIDATION_FAILED', error.message);
  const refusal = 'code' in error ? REFUSED_BY_FASTIFY[error.code] : undefined;
  if (refusal) return send(reply, ...refusal);
  request.log.error({ err: error }, 'unexpected error while answering');
  return send(reply, 'INTERNAL_SERVER_ERROR', INTERNAL_MESSAGE);
}

function send(reply: FastifyReply, code: ApiErrorCode, message: string) {
  return reply.status(API_ERRORS[code]).type('application/json; charset=utf-8').send(failure(code, message));
}
