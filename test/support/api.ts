/** A real web application on a real socket, and the raw keys of its Redis to see that nothing changed. */
import { Redis } from 'ioredis';
import { startWeb, type Web } from '../../src/api/web.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { Torn } from './torn.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects
  body: any;
  /** From sending to having read the answer. */
  ms: number;
}

export interface Api extends Web {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
}

/** Settings for a test: a token is configured, the port is free, nothing is read from the environment. */
export function testConfig(settings: Record<string, string> = {}): Config {
  return loadConfig({ TUSHARE_TOKEN: 'token-of-the-test', PORT: '0', LOG_LEVEL: 'silent', ...settings });
}

export async function startApi(t: Torn, settings: Record<string, string> = {}): Promise<Api> {
  const web = await startWeb(testConfig(settings));
  t.teardown(() => web.stop());
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    request(web.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  return {
    ...web,
    get: (path, headers = {}) => ask('GET', path, headers),
    put: (path, body) => ask('PUT', path, { 'content-type': 'application/json' }, textOf(body)),
    post: (path, body, headers = {}) =>
      body === undefined
        ? ask('POST', path, headers)
        : ask('POST', path, { 'content-type': 'application/json', ...headers }, textOf(body)),
  };
}

/** A string goes out as it is, so that broken JSON can be sent. */
const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

async function request(url: string, init: RequestInit): Promise<Answer> {
  const began = performance.now();
  const answer = await fetch(url, init);
  const text = await answer.text();
  const ms = performance.now() - began;
  return { status: answer.status, headers: answer.headers, text, body: parse(text), ms };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Everything Redis holds, key by key: equal before and after means that nothing changed. Not the log of actions: what
 * was refused stands there, too.
 */
export async function snapshot(url: string): Promise<Record<string, string>> {
  const redis = new Redis(url);
  try {
    const keys = (await redis.keys('*')).filter((key) => !key.endsWith('}:actions')).sort();
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return Object.fromEntries(keys.map((key, i) => [key, dumps[i]?.toString('base64') ?? '']));
  } finally {
    redis.disconnect();
  }
}
