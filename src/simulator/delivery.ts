import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Delivery } from './faults.ts';

const zip = promisify(gzip);
/** Below this a body is not worth packing. */
const SMALLEST_ZIPPED_CHARACTERS = 1024;
const DRIPS = 20;

/** Sends a JSON body, packed when the client asks for it (fast rather than small: the network is loopback). */
export async function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const wantsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!wantsGzip || body.length < SMALLEST_ZIPPED_CHARACTERS) {
    const bytes = Buffer.from(body);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
    response.end(bytes);
    return;
  }
  const bytes = await zip(body, { level: constants.Z_BEST_SPEED });
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Encoding': 'gzip',
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}

/** Delivers a body badly. `dripMs`: time a slow body takes. */
export async function sendBadly(
  fault: Delivery,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  dripMs: number,
): Promise<void> {
  const bytes = Buffer.from(body);
  const half = Math.floor(bytes.length / 2);
  switch (fault) {
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'http_502':
      return sendPage(response, 502, 'Bad Gateway');
    case 'http_503':
      return sendPage(response, 503, 'Service Temporarily Unavailable');
    case 'html_200':
      return sendPage(response, 200, 'Welcome');
    case 'invalid_json':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(bytes.subarray(0, half));
      return;
    // The length promises more than comes.
    case 'cut_body':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
      response.write(bytes.subarray(0, half), () => response.destroy());
      return;
    case 'slow_body': {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
      const piece = Math.ceil(bytes.length / DRIPS);
      for (let at = 0; at < bytes.length && !response.destroyed; at += piece) {
        response.write(bytes.subarray(at, at + piece));
        await pause(dripMs / DRIPS, undefined, { ref: false });
      }
      response.end();
    }
  }
}

function sendPage(response: ServerResponse, status: number, title: string): void {
  const page = `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`;
  response.writeHead(status, { 'Content-Type': 'text/html', 'Content-Length': Buffer.byteLength(page) });
  response.end(page);
}
