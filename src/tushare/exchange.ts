/**
 * One HTTP exchange: a POST and its whole answer, under one hard timeout (connect, headers and body together).
 * On node's http, looked up at the call, because a proxy scope replaces http.request (proxy.ts).
 */
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { TaskError } from '../errors.ts';
import { readBody } from './body.ts';

export interface ExchangeOptions {
  url: URL;
  body: Buffer;
  /** Where connections come from; false opens one for this exchange alone. */
  agent: http.Agent | false;
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** host:port of the proxy that the exchange goes through, for messages. */
  proxy: string | undefined;
  /** Asked when the connection stands, directly before the first byte is written; false: nothing is written. */
  mayWrite(): boolean;
}

/** A kept-alive connection that was closed under us before any byte of an answer: worth one more try. */
export class ConnectionWasStale extends Error {
  override readonly name = 'ConnectionWasStale';
}

/** `mayWrite` said no: nothing was written. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/**
 * @returns the decoded body of an answer with status 200
 * @throws TaskError network, tushare_bad_answer or tushare_rate_limited; ConnectionWasStale; NotWritten; or the
 * signal's reason. Messages quote nothing of the answer, and of the underlying error only its code.
 */
export async function exchange(options: ExchangeOptions): Promise<Buffer> {
  options.signal?.throwIfAborted();
  const { promise: cutShort, reject: cut } = Promise.withResolvers<never>();
  const late = new TaskError(
    'network',
    `no complete answer${through(options.proxy)} within ${options.timeoutMs / 1000} s.`,
  );
  const timer = setTimeout(() => cut(late), options.timeoutMs);
  const aborted = () => cut(options.signal?.reason);
  options.signal?.addEventListener('abort', aborted, { once: true });
  let request: ClientRequest | undefined;
  try {
    request = open(options);
    const answer = answerTo(request, options);
    answer.catch(() => {}); // when it is cut short, its own end is of no interest
    return await Promise.race([answer, cutShort]);
  } catch (error) {
    request?.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', aborted);
  }
}

function open({ url, body, agent }: ExchangeOptions): ClientRequest {
  const { request } = url.protocol === 'https:' ? https : http;
  const opened = request(url, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      'content-length': body.length,
      accept: 'application/json',
      'accept-encoding': 'gzip',
    },
  });
  opened.on('error', () => {}); // taken where it is awaited; a second one must not end the process
  return opened;
}

async function answerTo(request: ClientRequest, options: ExchangeOptions): Promise<Buffer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    let readBefore = 0;
    request.once('response', resolve);
    request.once('error', (error) => reject(transportError(error, request, readBefore, options.proxy)));
    request.once('close', () =>
      reject(
        new TaskError('network', `the connection${through(options.proxy)} was closed without an answer.`),
      ),
    );
    request.once('socket', (socket: Socket) => {
      readBefore = socket.bytesRead;
      whenWritable(socket, () => {
        if (options.mayWrite()) request.end(options.body);
        else reject(new NotWritten());
      });
    });
  });
  checkStatus(response.statusCode ?? 0, options.proxy);
  return await readBody(response);
}

/** Calls back when bytes written would leave at once: connected, and for https the handshake done. */
function whenWritable(socket: Socket, then: () => void): void {
  if (socket instanceof TLSSocket && !socket.getProtocol()?.startsWith('TLS'))
    socket.once('secureConnect', then);
  else if (socket.connecting) socket.once('connect', then);
  else then();
}

function transportError(
  error: NodeJS.ErrnoException,
  request: ClientRequest,
  readBefore: number,
  proxy: string | undefined,
): Error {
  if (error instanceof TaskError) return error; // the proxy's tunnel says itself what was wrong
  const unanswered = (request.socket?.bytesRead ?? readBefore) === readBefore;
  if (request.reusedSocket && unanswered && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
    return new ConnectionWasStale();
  return new TaskError('network', `TuShare can't be reached${through(proxy)} (${error.code ?? error.name}).`);
}

function through(proxy: string | undefined): string {
  return proxy === undefined ? '' : ` through the proxy ${proxy}`;
}

function checkStatus(status: number, proxy: string | undefined): void {
  if (status === 200) return; // TuShare answers 200 even to what it refuses
  if (status === 429)
    throw new TaskError('tushare_rate_limited', 'answered HTTP 429.', { retryAfterMs: 60_000 });
  // 407 by the book; tinyproxy says 401.
  if ((status === 407 || status === 401) && proxy !== undefined)
    throw new TaskError('network', `the proxy ${proxy} wants another user or password (HTTP ${status}).`);
  // Behind a proxy any other status is the proxy's own.
  if (status >= 500 || status === 407 || status === 408 || proxy !== undefined)
    throw new TaskError('network', `the way to TuShare${through(proxy)} answered HTTP ${status}.`);
  throw new TaskError('tushare_bad_answer', `answered HTTP ${status} instead of 200.`);
}
