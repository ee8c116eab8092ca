/**
 * Tells a webhook: an event as JSON, or a text as the group robots of DingTalk, Feishu and WeCom take it. Its URL is a
 * secret (the robot's key is in it), so nothing that is logged here holds a part of it.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../log.ts';

export interface AlarmEvent {
  event: 'job_failed' | 'job_missed' | 'job_silent' | 'calendar_ends';
  /** null: it is about no single job. */
  job_id: string | null;
  /** One or two sentences. */
  message: string;
  /** ISO 8601, UTC. */
  at: string;
  task_id?: string;
}

type WebhookConfig = Pick<Config, 'ALERT_WEBHOOK_URL' | 'ALERT_WEBHOOK_FORMAT' | 'ALERT_WEBHOOK_SECRET'>;

const ANSWER_WITHIN_MS = 5_000;
/** Pauses before the second and third try, in ms. */
const PAUSES_MS = [500, 2_000];

export class Webhook {
  readonly #config: WebhookConfig;
  readonly #log: Logger;
  readonly #stopped = new AbortController();

  /** @throws ConfigError when ALERT_WEBHOOK_URL is no http(s) URL */
  constructor(config: WebhookConfig, log: Logger) {
    const { ALERT_WEBHOOK_URL: url } = config;
    if (url !== '' && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
      throw new ConfigError('ALERT_WEBHOOK_URL must begin with http:// or https://');
    this.#config = config;
    this.#log = log;
  }

  /** Three tries. @returns whether it was taken; true too when no webhook is set. Never rejects. */
  async send(event: AlarmEvent): Promise<boolean> {
    if (this.#config.ALERT_WEBHOOK_URL === '') return true;
    let fault = '';
    for (const pause of [0, ...PAUSES_MS]) {
      if (pause > 0) await delay(pause, undefined, { signal: this.#stopped.signal }).catch(() => {});
      if (this.#stopped.signal.aborted) return false;
      fault = await this.#try(event);
      if (fault === '') return true;
    }
    this.#log.error({ event: event.event, job_id: event.job_id, fault }, 'the webhook could not be told');
    return false;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** @returns what went wrong, without a word of the URL; '' when it was taken */
  async #try(event: AlarmEvent): Promise<string> {
    const { url, body } = requestOf(this.#config, event, Date.now());
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), this.#stopped.signal]),
      });
      const text = await answer.text();
      if (!answer.ok) return `HTTP ${answer.status}`;
      return this.#config.ALERT_WEBHOOK_FORMAT === 'json' ? '' : robotFault(text);
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      return cause?.code ?? name;
    }
  }
}

/** Robots refuse with 200 and a code in the body. */
function robotFault(text: string): string {
  try {
    const { errcode, code, StatusCode } = JSON.parse(text) as Record<string, unknown>;
    const said = errcode ?? code ?? StatusCode ?? 0;
    return said === 0 ? '' : `the robot refused with code ${String(said).slice(0, 20)}`;
  } catch {
    return 'the robot did not answer as one';
  }
}

/** @param now ms since the epoch, for the signatures */
export function requestOf(
  { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_FORMAT: format, ALERT_WEBHOOK_SECRET: secret }: WebhookConfig,
  event: AlarmEvent,
  now: number,
): { url: string; body: Record<string, unknown> } {
  const text = `Dayline: ${event.message}`;
  switch (format) {
    case 'wecom':
      return { url, body: { msgtype: 'text', text: { content: text } } };
    case 'dingtalk':
      return {
        url: secret ? signedUrl(url, secret, now) : url,
        body: { msgtype: 'text', text: { content: text } },
      };
    case 'feishu':
      return { url, body: { ...(secret && signature(secret, now)), msg_type: 'text', content: { text } } };
    default:
      return { url, body: { ...event } };
  }
}

/** DingTalk: the HMAC of `timestamp\nsecret` under the secret, in the query; timestamp in ms. */
function signedUrl(url: string, secret: string, now: number): string {
  const signed = new URL(url);
  signed.searchParams.set('timestamp', String(now));
  signed.searchParams.set('sign', createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64'));
  return signed.href;
}

/** Feishu: the HMAC of nothing under `timestamp\nsecret`, in the body; timestamp in s. */
function signature(secret: string, now: number): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}
