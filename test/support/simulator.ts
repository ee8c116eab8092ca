import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import {
  type Arrival,
  type FaultRule,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/index.ts';
import type { Torn } from './torn.ts';

const PROGRAM = fileURLToPath(new URL('../../src/bin/simulator.ts', import.meta.url));

/** A TuShare answer as parsed JSON. */
export interface Body {
  request_id: string;
  code: number;
  data: { fields: string[]; items: unknown[][]; has_more: boolean; count: number } | null;
  msg: string;
}

/** What tests ask of a simulator over HTTP. */
export interface SimulatorClient {
  /** Makes one call over HTTP, with an accepted token unless another is given, and answers the parsed body. */
  call(api_name: string, params?: object, fields?: string | string[], token?: string): Promise<Body>;
  /** The same, as objects by column name. @throws when TuShare refuses. */
  records(api_name: string, params?: object, fields?: string): Promise<Record<string, unknown>[]>;
  addFaults(...rules: FaultRule[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** The rules with how many calls each matched and hit. */
  faults(): Promise<(FaultRule & { seen: number; applied: number })[]>;
  setLatency(latency_ms: number): Promise<void>;
  /** Calls a minute for one token and API; 0 is unlimited. */
  setLimit(per_minute: number): Promise<void>;
  /** Calls that arrived after `since` (monotonic ms); all without it. */
  log(since?: number): Promise<Arrival[]>;
  clearLog(): Promise<void>;
}

export type FreshSimulator = Simulator & SimulatorClient;

/** A simulator of its own for one test, stopped when the test ends. */
export async function freshSimulator(t: Test, options: SimulatorOptions = {}): Promise<FreshSimulator> {
  const simulator = await startSimulator(options);
  t.teardown(() => simulator.stop());
  return { ...simulator, ...client(simulator.url) };
}

/**
 * A simulator in a process of its own, killed when the test ends: its clock is not held up by what the test does,
 * so its log can judge the call window.
 * @param data folder of recorded data; left out: a generated market.
 */
export async function simulatorProcess(
  t: Torn,
  data = '',
): Promise<SimulatorClient & { readonly url: string }> {
  const child = fork(PROGRAM, {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, SIMULATOR_DATA: data },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { url, ...client(url) };
}

function client(url: string): SimulatorClient {
  const control = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${url}/_control/${path}`, init);
    const answer = await response.json();
    if (!response.ok) throw new Error(`the simulator refused ${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const call: SimulatorClient['call'] = async (api_name, params = {}, fields = '', token = 'test-token') => {
    const body = JSON.stringify({ api_name, token, params, fields });
    const response = await fetch(url, { method: 'POST', body });
    return (await response.json()) as Body;
  };
  return {
    call,
    records: async (api_name, params, fields) => {
      const { code, msg, data } = await call(api_name, params, fields);
      if (!data) throw new Error(`${api_name} was refused: ${code} ${msg}`);
      const named = (item: unknown[]) => Object.fromEntries(data.fields.map((field, n) => [field, item[n]]));
      return data.items.map(named);
    },
    addFaults: async (...rules) => void (await control('POST', 'faults', rules)),
    faults: async () => (await control('GET', 'faults')) as (FaultRule & { seen: number; applied: number })[],
    clearFaults: async () => void (await control('DELETE', 'faults')),
    setLimit: async (per_minute) => void (await control('POST', 'limit', { per_minute })),
    setLatency: async (latency_ms) => void (await control('POST', 'latency', { latency_ms })),
    log: async (since) =>
      (await control('GET', since === undefined ? 'log' : `log?since=${since}`)) as Arrival[],
    clearLog: async () => void (await control('DELETE', 'log')),
  };
}
