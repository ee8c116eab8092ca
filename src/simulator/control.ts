import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ArrivalLog } from './arrival-log.ts';
import { ControlError, type Faults } from './faults.ts';
import type { PerMinuteLimit } from './rate-limit.ts';

/** What the control endpoint may change while the simulator runs. */
export interface Controls {
  readonly log: ArrivalLog;
  readonly faults: Faults;
  /** Wait before every answer, ms. */
  latencyMs: number;
  perMinuteLimit: PerMinuteLimit;
}

/**
 * Answers a request under /_control: GET, POST and DELETE of faults; GET and DELETE of log; POST of latency
 * ({latency_ms}) and of limit ({per_minute}: a number, or numbers by API name with '*' for the rest; 0 is none).
 * The simulator listens on loopback only, so nobody else reaches it.
 */
export function control(
  controls: Controls,
  method: string,
  url: URL,
  body: string,
  response: ServerResponse,
): void {
  try {
    const answer = dispatch(controls, `${method} ${url.pathname}`, url, body);
    if (answer === undefined) send(response, 404, { error: `no control ${method} ${url.pathname}` });
    else send(response, 200, answer);
  } catch (error) {
    if (!(error instanceof ControlError || error instanceof SyntaxError)) throw error;
    send(response, 400, { error: error.message });
  }
}

function dispatch(controls: Controls, route: string, url: URL, body: string): unknown {
  const { log, faults } = controls;
  switch (route) {
    case 'GET /_control/faults':
      return faults.list();
    case 'POST /_control/faults':
      faults.add(JSON.parse(body));
      return faults.list();
    case 'DELETE /_control/faults':
      faults.clear();
      return [];
    case 'POST /_control/latency':
      controls.latencyMs = latencyOf(JSON.parse(body));
      return { latency_ms: controls.latencyMs };
    case 'POST /_control/limit':
      controls.perMinuteLimit = limitFrom(JSON.parse(body));
      return { per_minute: controls.perMinuteLimit };
    case 'GET /_control/log':
      return log.since(Number(url.searchParams.get('since') ?? -Infinity));
    case 'DELETE /_control/log':
      log.clear();
      return [];
    default:
      return undefined;
  }
}

const Latency = Type.Object({ latency_ms: Type.Number({ minimum: 0 }) }, { additionalProperties: false });
const Calls = Type.Integer({ minimum: 0 });
const Limit = Type.Object(
  { per_minute: Type.Union([Calls, Type.Record(Type.String(), Calls)]) },
  { additionalProperties: false },
);

function latencyOf(body: unknown): number {
  if (!Value.Check(Latency, body)) throw new ControlError('latency_ms must be a number of ms, 0 or more');
  return body.latency_ms;
}

function limitFrom(body: unknown): PerMinuteLimit {
  if (!Value.Check(Limit, body))
    throw new ControlError('per_minute must be a number of calls, or numbers by API');
  return body.per_minute;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
