/**
 * A TuShare server for the demo, tests and benchmarks: the protocol, refusals, row caps and oddities of the real one
 * over HTTP, fed by a generated market or by recorded data, with faults and latency on request and a log of arrivals.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicMs } from '../clock.ts';
import { TOKEN_PLACEHOLDER } from '../token.ts';
import { type Answer, answerCall, type Call } from './answer.ts';
import { type Arrival, ArrivalLog } from './arrival-log.ts';
import { readCall, refusalBody, successBody } from './body.ts';
import { type Controls, control } from './control.ts';
import { sendBadly, sendJson } from './delivery.ts';
import { type FaultRule, Faults, isContent, isDelivery } from './faults.ts';
import { faultyBody } from './faulty-content.ts';
import { generatedSource } from './generated/generated-source.ts';
import { limitOf, type PerMinuteLimit, ServerWindow } from './rate-limit.ts';
import { recordedSource } from './recorded/recorded-source.ts';
import type { Source } from './source.ts';
import { type Refusal, refusal, tooFrequent } from './tushare-errors.ts';

export { type Arrival, worstWindow } from './arrival-log.ts';
export type { FaultRule } from './faults.ts';
export type { PerMinuteLimit } from './rate-limit.ts';
export type { RefusalName } from './tushare-errors.ts';

export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0 or left out takes a free one. */
  port?: number;
  /** Folder of recorded data; left out or empty: a generated market. */
  data?: string;
  /** Tokens that are accepted; left out: any but the empty one and the placeholder of the example settings. */
  tokens?: readonly string[];
  /** Calls per minute for one token and API; 0 is unlimited. Default 200. */
  perMinuteLimit?: PerMinuteLimit;
  /** Seed of the generated market. */
  seed?: number;
  /** Wait before every answer, ms. */
  latencyMs?: number;
  /** The wall clock of the generated market: what is listed and published. Default: the real one. */
  now?: () => Date;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** What it serves, in one line for people. */
  readonly description: string;
  /** Closes every connection. Twice is harmless. */
  stop(): Promise<void>;
}

/** TuShare's limit for an account of 2,000 points. */
const DEFAULT_CALLS_PER_MINUTE = 200;
/** Longer than any client keeps an idle connection, so that a call never meets a connection we are closing. */
const KEEP_ALIVE_MS = 120_000;
const LARGEST_REQUEST_BYTES = 1_000_000;

/** Starts a simulator on loopback. Rejects when the port is taken or the data folder can't be used. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const source = options.data
    ? recordedSource(options.data)
    : generatedSource(options.seed ?? 1, options.now ?? (() => new Date()));
  const service = new TushareService(source, options);
  const server = createServer((request, response) => service.handle(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let stopped: Promise<void> | null = null;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    description: source.description,
    stop: () => {
      stopped ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return stopped;
    },
  };
}

class TushareService {
  readonly #source: Source;
  readonly #tokens: ReadonlySet<string> | null;
  readonly #window = new ServerWindow();
  readonly #controls: Controls;

  constructor(source: Source, options: SimulatorOptions) {
    this.#source = source;
    this.#tokens = options.tokens ? new Set(options.tokens) : null;
    this.#controls = {
      log: new ArrivalLog(),
      faults: new Faults(),
      latencyMs: options.latencyMs ?? 0,
      perMinuteLimit: options.perMinuteLimit ?? DEFAULT_CALLS_PER_MINUTE,
    };
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const at = monotonicMs();
    const url = new URL(request.url ?? '/', 'http://simulator');
    const isCall = request.method === 'POST' && /^\/(dataapi(\/[^/]*)?)?$/.test(url.pathname);
    const arrival = isCall ? this.#controls.log.arrived(at) : null;
    this.#respond(request, response, url, arrival).catch((error: unknown) => {
      // A client that left in the middle of its request is its own business; anything else is a defect of ours.
      if (request.destroyed || response.destroyed) return;
      process.stderr.write(`simulator: ${error instanceof Error ? error.stack : String(error)}\n`);
      response.destroy();
    });
  }

  async #respond(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    arrival: Arrival | null,
  ): Promise<void> {
    const body = await readBody(request);
    if (arrival) return this.#answer(request, response, readCall(body, url.pathname), arrival);
    if (url.pathname.startsWith('/_control/'))
      return control(this.#controls, request.method ?? '', url, body, response);
    response.writeHead(404).end();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    call: Call | null,
    arrival: Arrival,
  ): Promise<void> {
    if (!call) {
      const refused = refusal('query_failed', '');
      arrival.code = refused.code;
      return sendJson(request, response, refusalBody(refused));
    }
    arrival.api_name = call.api_name;
    arrival.params = call.params;
    arrival.token_ok = this.#accepts(call.token);

    const early = this.#refuseEarly(call, arrival);
    const rule = early ? null : this.#controls.faults.take(call);
    arrival.fault = rule?.fault ?? null;
    const delayMs = this.#controls.latencyMs + (rule?.fault === 'slow_body' ? 0 : (rule?.latency_ms ?? 0));
    if (delayMs > 0) await pause(delayMs, undefined, { ref: false });

    const named = rule?.error ? refusal(rule.error, call.api_name) : null;
    const outcome = early ?? named ?? (await answerCall(this.#source, call));
    const { body, rows } = bodyOf(outcome, rule);
    arrival.rows = rows;
    if (rule && isDelivery(rule.fault))
      return sendBadly(rule.fault, request, response, body, rule.latency_ms ?? 0);
    arrival.code = 'code' in outcome ? outcome.code : 0;
    await sendJson(request, response, body);
  }

  #accepts(token: string): boolean {
    return this.#tokens ? this.#tokens.has(token) : token !== '' && token !== TOKEN_PLACEHOLDER;
  }

  /** The refusals that come before the call is looked at: the token, then the number of calls. */
  #refuseEarly(call: Call, arrival: Arrival): Refusal | null {
    if (!arrival.token_ok) return refusal('bad_token', call.api_name);
    const limit = limitOf(this.#controls.perMinuteLimit, call.api_name);
    const admitted = this.#window.admit(call.token, call.api_name, limit, arrival.at);
    return admitted ? null : tooFrequent(call.api_name, limit);
  }
}

function bodyOf(outcome: Answer | Refusal, rule: FaultRule | null): { body: string; rows: number } {
  if ('code' in outcome) return { body: refusalBody(outcome), rows: 0 };
  if (rule && isContent(rule.fault)) return faultyBody(rule.fault, outcome, rule);
  return { body: successBody(outcome), rows: outcome.rows.length };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > LARGEST_REQUEST_BYTES) throw new RangeError('the request body is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
