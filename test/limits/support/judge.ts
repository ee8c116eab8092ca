/** The judge of the call window: an HTTP server that notes when each call arrives, by one monotonic clock. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Torn } from '../../support/torn.ts';

export interface Judge {
  readonly url: string;
  /** When each call arrived, ms. */
  readonly arrivals: number[];
  /** Resolves when so many calls have arrived since the start. */
  arrived(calls: number): Promise<void>;
}

/** @param latencyMs how long each call takes */
export async function startJudge(t: Torn, latencyMs: number): Promise<Judge> {
  const arrivals: number[] = [];
  let waiting: { calls: number; resolve: () => void }[] = [];
  const server = http.createServer((_request, response) => {
    arrivals.push(performance.now());
    for (const { resolve } of waiting.filter(({ calls }) => calls <= arrivals.length)) resolve();
    waiting = waiting.filter(({ calls }) => calls > arrivals.length);
    setTimeout(() => response.end('ok'), latencyMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    arrived: (calls) =>
      new Promise((resolve) => {
        if (arrivals.length >= calls) resolve();
        else waiting.push({ calls, resolve });
      }),
  };
}

/** The most calls that any trailing window holds. A call exactly one window later is no longer inside. */
export function mostInAnyWindow(arrivals: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (const [last, at] of arrivals.entries()) {
    while (at - (arrivals[first] ?? at) >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** window ÷ mean(t[i + limit] − t[i]): 1 when every slot is used again the moment it may be. */
export function utilisation(arrivals: readonly number[], limit: number, windowMs: number): number {
  let sum = 0;
  let spans = 0;
  for (let i = 0; i + limit < arrivals.length; i += 1) {
    sum += (arrivals[i + limit] ?? 0) - (arrivals[i] ?? 0);
    spans += 1;
  }
  return spans === 0 ? 0 : windowMs / (sum / spans);
}
