/**
 * The log of actions: every request that changes something, with who sent it and what came of it. A line is written
 * before the answer goes out, so that what was answered is in the log, but no answer waits longer for it than
 * WRITE_WITHIN_MS: then, or when Postgres is away, it is kept in Redis and brought to Postgres later, by any web
 * process. With both away it stands in the process's own log, which is all that is left.
 */
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import { inTime } from '../in-time.ts';
import { isRedisAway } from '../queue/gate.ts';
import { newId } from '../queue/new-id.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { WaitingActions } from '../queue/waiting-actions.ts';
import { type Action, pruneActions, saveActions } from '../store/action-log.ts';
import { HISTORY_WORDS, type HistoryReader } from './history-reader.ts';

/** Longest time that an answer waits for Postgres, and then for Redis, in ms. */
const WRITE_WITHIN_MS = 300;
const BRING_EVERY_MS = 5_000;
const BROUGHT_AT_ONCE = 500;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNED_AT_ONCE = 1_000;
const LONGEST_TARGET = 200;

const WORDS = { ...HISTORY_WORDS, fault: "The log of actions can't be read or written", holder: 'The log' };

export interface ActionLogDeps {
  config: Config;
  redis: QueueRedis | null;
  history: HistoryReader;
}

export class ActionLog {
  readonly #config: Config;
  readonly #history: HistoryReader;
  readonly #waiting: WaitingActions | null;
  readonly #log: FastifyBaseLogger;
  readonly #timers: NodeJS.Timeout[] = [];
  #bringing: Promise<void> | undefined;
  /** After a write that failed or took too long the next ones don't try, for a while: ms of the monotonic clock. */
  #awayUntil = 0;

  constructor({ config, redis, history }: ActionLogDeps, log: FastifyBaseLogger) {
    this.#config = config;
    this.#history = history;
    this.#log = log;
    this.#waiting = redis && new WaitingActions(redis, config.REDIS_KEY_PREFIX);
  }

  start(): void {
    if (!this.#history.exists) return;
    this.bring();
    this.#timers.push(setInterval(() => this.bring(), BRING_EVERY_MS));
    if (this.#config.HISTORY_RETENTION_DAYS > 0)
      this.#timers.push(setInterval(() => void this.#prune(), PRUNE_EVERY_MS));
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#bringing;
  }

  /** Writes a line; takes twice {@link WRITE_WITHIN_MS} at most, and never throws. */
  async write(action: Action): Promise<void> {
    if (await this.#store(action)) return;
    const kept = this.#keep(JSON.stringify(action));
    if (!(await inTime(kept, WRITE_WITHIN_MS, false)))
      this.#log.error({ action }, 'an action is in this log only: neither Postgres nor Redis took it');
  }

  /** Lines that Postgres does not have yet; null: Redis does not tell. */
  async waiting(): Promise<number | null> {
    return this.#waiting
      ? inTime(
          this.#waiting.count().catch(() => null),
          WRITE_WITHIN_MS,
          null,
        )
      : null;
  }

  /** Brings what waits in Redis to Postgres, as far as it goes. */
  bring(): void {
    this.#bringing ??= this.#bringAll().finally(() => {
      this.#bringing = undefined;
    });
  }

  async #bringAll(): Promise<void> {
    if (!this.#waiting) return;
    try {
      for (;;) {
        const texts = await this.#waiting.oldest(BROUGHT_AT_ONCE);
        if (texts.length === 0) return;
        await this.#history.ask((store) => saveActions(store, texts.map(readAction)), WORDS);
        await this.#waiting.remove(texts);
        this.#log.info({ actions: texts.length }, 'actions that waited are in Postgres now');
      }
    } catch (error) {
      this.#log.debug({ err: error }, 'actions wait in Redis for Postgres');
    }
  }

  async #store(action: Action): Promise<boolean> {
    if (!this.#history.exists || monotonicMs() < this.#awayUntil) return false;
    const stored = this.#history
      .ask((store) => saveActions(store, [action]), WORDS)
      .then(
        () => true,
        () => false,
      );
    if (await inTime(stored, WRITE_WITHIN_MS, false)) return true;
    this.#awayUntil = monotonicMs() + BRING_EVERY_MS;
    return false;
  }

  async #keep(text: string): Promise<boolean> {
    try {
      if (!this.#waiting) return false;
      const lost = await this.#waiting.add(text);
      if (lost > 0) this.#log.error({ lost }, 'too many actions wait for Postgres: the oldest are gone');
      return true;
    } catch (error) {
      if (!isRedisAway(error)) this.#log.error({ err: error }, 'an action could not be kept in Redis');
      return false;
    }
  }

  async #prune(): Promise<void> {
    const days = this.#config.HISTORY_RETENTION_DAYS;
    try {
      while ((await this.#history.ask((store) => pruneActions(store, days, PRUNED_AT_ONCE), WORDS)) > 0);
    } catch (error) {
      this.#log.debug({ err: error }, 'old actions stay for another hour');
    }
  }
}

const readAction = (text: string): Action => JSON.parse(text) as Action;

/** The line about a request that was answered with an envelope. */
export function actionOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): Action {
  const { caller, method, routeOptions, ip } = request;
  const text = typeof payload === 'string' ? payload : '';
  return {
    id: newId(),
    at: Date.now(),
    actor: caller?.name ?? 'stranger',
    role: caller?.role ?? 'none',
    via: caller?.via ?? 'none',
    address: ip,
    method,
    route: routeOptions.url ?? '',
    target: targetOf(request, reply, text),
    status: reply.statusCode,
    outcome: /"code":"(\w+)"/.exec(text)?.[1] ?? String(reply.statusCode),
  };
}

/** The id in the path; else of the task or execution that was made. Cut, and without what Postgres can't hold. */
function targetOf({ params }: FastifyRequest, reply: FastifyReply, text: string): string | null {
  const made = /"(?:task_id|execution_id)":"([\w-]+)"/.exec(text)?.[1];
  const named = Object.values((params ?? {}) as Record<string, string>)[0];
  const target = named ?? made ?? reply.getHeader('x-task-id');
  return typeof target === 'string' ? target.replaceAll('\0', '').slice(0, LONGEST_TARGET) : null;
}
