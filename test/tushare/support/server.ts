/** A real local HTTP server in the place of TuShare, and a ledger of the permits that a client takes. */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { pino } from 'pino';
import { monotonicMs } from '../../../src/clock.ts';
import type { CallAnswer, Permit, PermitSource } from '../../../src/limits/permit.ts';
import type { Logger } from '../../../src/log.ts';
import { TushareClient } from '../../../src/tushare/client.ts';
import type { Torn } from '../../support/torn.ts';

export const TOKEN = 'f3a1planted/token+with=signs"9c';

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

export interface TestServer {
  readonly url: string;
  /** Requests whose whole body has come. */
  readonly requests: { at: number; body: string; socket: Socket; headers: http.IncomingHttpHeaders }[];
}

/**
 * @param handle answers each request once its body has come
 * @param tls key and certificate as PEM; none: plain http
 */
export async function startServer(
  t: Torn,
  handle: Handler,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.on('error', () => {});
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    requests.push({ at: performance.now(), body, socket: request.socket, headers: request.headers });
    handle(request, response, body);
  };
  const server = tls ? https.createServer(tls, answer) : http.createServer(answer);
  server.keepAliveTimeout = 0; // node's own 5 s would close connections in the middle of longer pauses
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export function rows(fields: string[], items: unknown[][], more: object = {}): string {
  return JSON.stringify({
    request_id: 'r',
    code: 0,
    msg: '',
    data: { fields, items, has_more: false, count: -1, ...more },
  });
}

export function refusal(code: unknown, msg: string): string {
  return JSON.stringify({ request_id: 'r', code, msg, data: null });
}

/** Permits without a limit; counts what is taken and what is given back. */
export class Ledger implements PermitSource {
  taken = 0;
  used = 0;
  /** What came back with each permit, in order. */
  answers: (CallAnswer | undefined)[] = [];
  /** How long the next permits are good for, in ms; then 2,000. */
  lives: number[] = [];

  async acquire(): Promise<Permit> {
    this.taken += 1;
    const use_by = monotonicMs() + (this.lives.shift() ?? 2_000);
    let open = true;
    return {
      use_by,
      used: (_cutShort, answer) => {
        if (!open) return;
        open = false;
        this.used += 1;
        this.answers.push(answer);
      },
    };
  }
}

export interface TestClient {
  client: TushareClient;
  ledger: Ledger;
  /** The lines that were logged. */
  lines: Record<string, unknown>[];
}

export function makeClient(t: Torn, baseUrl: string, timeoutMs = 5_000): TestClient {
  const ledger = new Ledger();
  const lines: Record<string, unknown>[] = [];
  const log: Logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const client = new TushareClient({ baseUrl, token: TOKEN, timeoutMs, permits: ledger, log });
  t.teardown(() => client.close());
  return { client, ledger, lines };
}
