/**
 * Calls TuShare (protocol notes § 1). Every attempt, whatever for, takes a permit of the call window, and is
 * written only while that permit is good. Retried here are frequency errors only (R84–R86), and a kept-alive
 * connection that had been closed under us; everything else is for the task to retry (D7, D8).
 */
import http from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../clock.ts';
import { TaskError } from '../errors.ts';
import { type CallAnswer, mayBeUsed, type PermitSource, type Refusal } from '../limits/permit.ts';
import { createLogger, type Logger } from '../log.ts';
import { scrubber } from '../scrub.ts';
import type { TushareAnswer } from '../sync/context.ts';
import { type Reading, readAnswer } from './answer.ts';
import { isKnownMessage } from './classify.ts';
import { ConnectionWasStale, exchange, NotWritten } from './exchange.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { turnToRead } from './turn.ts';
import { unknownMessages } from './unknown-messages.ts';

export interface TushareClientOptions {
  /** http(s) URL that the calls are posted to. */
  baseUrl: string;
  token: string;
  /** For one attempt: connect, headers and body together. */
  timeoutMs: number;
  permits: PermitSource;
  /** What the calls go through, if the thread is in its scope (proxy.ts): named in errors, and kept secret there. */
  proxy?: ProxyAddress | null;
  /** A person waits for these calls; their permits come first. */
  interactive?: boolean;
  /** Where warnings go; by default a logger of its own on stdout. */
  log?: Logger;
}

type Refused = Extract<Reading, { kind: 'refused' }>;

/** Pauses before the three retries of a frequency error (R85). */
export const FREQUENCY_PAUSES_MS: readonly number[] = [3_000, 6_000, 12_000];

/** As many as SYNC_CALLS_IN_FLIGHT can ask for: a call that waited for a socket would outwait its permit. */
const MAX_SOCKETS = 64;
/** Permits that may come too late in a row before the connection, and not a pause, is taken for the cause. */
const LATE_PERMITS = 3;
/** TuShare's own words in an error: its longest recorded message has 105 characters. */
const MAX_MESSAGE_LENGTH = 500;

export class TushareClient {
  #url: URL;
  #options: TushareClientOptions;
  #agent: http.Agent;
  #scrub: (text: string) => string;
  #log: Logger;
  #closed = false;

  /** @throws TaskError config_missing when the URL can't be used. */
  constructor(options: TushareClientOptions) {
    this.#url = usableUrl(options.baseUrl);
    this.#options = options;
    const { Agent } = this.#url.protocol === 'https:' ? https : http;
    this.#agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
    this.#scrub = scrubber([options.token, this.#url.password, ...secretsOf(options.proxy)]);
    this.#log = options.log ?? createLogger('tushare', 'info');
  }

  /**
   * One call, with its retries.
   * @param fields the columns wanted; none: those TuShare shows by default
   * @returns rows by the answer's own field order, which may differ from `fields`
   * @throws TaskError by the tables of errors.ts and classify.ts; WindowClosed when no permit comes soon; the
   * signal's reason when aborted
   */
  async call(
    api_name: string,
    params: Record<string, unknown>,
    fields: readonly string[],
    signal?: AbortSignal,
  ): Promise<TushareAnswer> {
    const { token } = this.#options;
    const body = Buffer.from(JSON.stringify({ api_name, token, params, fields: fields.join(',') }));
    let original: TaskError | undefined;
    for (const pauseMs of [...FREQUENCY_PAUSES_MS, null]) {
      const reading = await this.#attempt(api_name, body, signal);
      if (reading.kind === 'rows') return reading.answer;
      const error = this.#refusal(api_name, reading);
      if (!reading.verdict.frequency) throw error;
      original ??= error;
      if (pauseMs === null) break;
      const details = { api_name: this.#scrub(api_name), pause_seconds: pauseMs / 1000 };
      this.#log.warn(details, `too many calls a minute: ${error.message}`);
      await pause(pauseMs, signal);
    }
    throw original;
  }

  /** Closes the kept-alive connections. A call that still waits for its turn makes no attempt any more. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  /**
   * One answer of TuShare: again with a new permit when the old one came too late, and once when the connection was
   * stale. What the answer means for other calls goes back with its permit (limits/closures.ts).
   */
  async #attempt(api_name: string, body: Buffer, signal: AbortSignal | undefined): Promise<Reading> {
    const { permits, interactive = false, timeoutMs } = this.#options;
    const proxy = this.#options.proxy?.name;
    let agent: http.Agent | false = this.#agent;
    let late = 0;
    for (;;) {
      const permit = await permits.acquire(api_name, signal ? { interactive, signal } : { interactive });
      const mayWrite = () => !this.#closed && mayBeUsed(permit, monotonicMs(), Date.now());
      let cutShort = false;
      let told: CallAnswer | undefined;
      try {
        const answer = await exchange({ url: this.#url, body, agent, proxy, timeoutMs, signal, mayWrite });
        await turnToRead();
        const reading = readAnswer(answer);
        told = reading.kind === 'rows' ? 'answered' : this.#told(reading);
        return reading;
      } catch (error) {
        if (error instanceof ConnectionWasStale) agent = false;
        else if (!(error instanceof NotWritten)) {
          cutShort = !wasAnswered(error);
          if (error instanceof TaskError) told = refusalIn(error);
          throw error instanceof TaskError ? this.#named(api_name, error) : error;
        } else if (this.#closed) throw new Error('The client is closed: its task has ended.');
        else if (++late >= LATE_PERMITS) throw this.#named(api_name, alwaysLate());
        else
          this.#log.warn({ api_name: this.#scrub(api_name) }, 'a permit came too late and was thrown away');
      } finally {
        permit.used(cutShort, told);
      }
    }
  }

  /** A refusal for the closures; one with a message that nobody has recorded is logged, once for each text. */
  #told({ verdict, code, message }: Refused): Refusal {
    const words = this.#words(message);
    if (!isKnownMessage(message) && message !== '' && unknownMessages.isNew(words))
      this.#log.warn(
        { code, taken_for: verdict.type },
        `TuShare refused a call with a message that is not known yet: ${words}`,
      );
    return {
      type: verdict.type,
      frequency: verdict.frequency ?? false,
      retry_after_ms: verdict.retryAfterMs ?? null,
      message: words,
    };
  }

  /** TuShare's own words, free of secrets and bounded. */
  #words(message: string): string {
    return this.#scrub(message).slice(0, MAX_MESSAGE_LENGTH) || 'no message';
  }

  #refusal(api_name: string, { verdict, code, message }: Refused): TaskError {
    const text = `TuShare refused it: ${this.#words(message)} (code ${code})`;
    return this.#named(api_name, new TaskError(verdict.type, text, optional(verdict.retryAfterMs)));
  }

  /** The same error with the API's name before it. A new one, so that its stack too is free of secrets. */
  #named(api_name: string, error: TaskError): TaskError {
    return new TaskError(
      error.type,
      this.#scrub(`${api_name}: ${error.message}`),
      optional(error.retryAfterMs),
    );
  }
}

/** A proxy's own answer says nothing of the call it was given: it is a network error as well. */
function wasAnswered(error: unknown): boolean {
  return error instanceof TaskError && error.type !== 'network';
}

function alwaysLate(): TaskError {
  return new TaskError('network', 'connecting takes longer than a permit is good for.');
}

/** HTTP 429: a refusal that came without TuShare's words. */
function refusalIn({ type, message, retryAfterMs }: TaskError): Refusal | undefined {
  if (type !== 'tushare_rate_limited') return undefined;
  return { type, frequency: false, retry_after_ms: retryAfterMs ?? null, message };
}

function optional(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

function secretsOf(proxy: ProxyAddress | null | undefined): string[] {
  const { authorization } = proxy ?? {};
  return authorization ? [authorization, authorization.slice(authorization.indexOf(':') + 1)] : [];
}

function usableUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new TaskError('config_missing', 'TUSHARE_API_URL is not a http:// or https:// URL.');
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal?.throwIfAborted();
  }
}
