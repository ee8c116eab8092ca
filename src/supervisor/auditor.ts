/**
 * Copies every terminal state into Postgres (R29, D28). An entry leaves the audit list only after its row is
 * committed, so a death at any instruction costs nothing but a copy that is made again, over itself. While Postgres is
 * away entries wait in Redis. Whatever goes wrong here is told and tried again; it never touches the running of tasks.
 */
import { Actor } from '../actors/actor.ts';
import { Stopped, stopSignal } from '../actors/stop-signal.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { AuditList } from '../queue/audit-list.ts';
import { isRedisAway } from '../queue/gate.ts';
import { EXECUTION_HISTORY, pruneHistory, TASK_HISTORY } from '../store/history-tables.ts';
import { openStore, type Store } from '../store/store.ts';
import { copyEntries } from './copy-entries.ts';

/** Entries of one statement: some 20 ms of Postgres. */
const COPIED_AT_ONCE = 500;
/** Rows that one statement deletes at most, so that it holds locks for milliseconds. */
const PRUNED_AT_ONCE = 1_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Longest wait for a connection, and for a statement. In ms. */
const POSTGRES_TIMEOUT_MS = 10_000;
/** After trouble the next try comes after 1 s, doubling up to this, so that a return is noticed soon. In ms. */
const LONGEST_PAUSE_MS = 15_000;
const FIRST_PAUSE_MS = 1_000;

export class Auditor extends Actor<'copy' | 'prune'> {
  readonly name = 'auditor';
  #config: Config;
  #supervisorId: string;
  #list: AuditList;
  #log: Logger;
  #store: Store | undefined;
  #told = false;
  #trouble: { since: number; pause: number; retryAt: number } | undefined;
  #pruning: NodeJS.Timeout | undefined;
  #stopped = stopSignal();

  constructor(config: Config, supervisorId: string, list: AuditList, log: Logger) {
    super();
    this.#config = config;
    this.#supervisorId = supervisorId;
    this.#list = list;
    this.#log = log;
  }

  /** Whether it has a Postgres to copy to. */
  get copies(): boolean {
    return this.#store !== undefined;
  }

  /** Entries wait. Told at every beat of the lease keeper while there are any. */
  look(): void {
    if (!this.#store || this.#told) return;
    if (this.#trouble && monotonicMs() < this.#trouble.retryAt) return;
    this.#told = true;
    this.tell('copy');
  }

  protected override async starting(): Promise<void> {
    this.#told = false;
    this.#stopped = stopSignal();
    if (!this.#config.DATABASE_URL) {
      this.#log.warn(
        'DATABASE_URL is not set: what tasks ended with stays in Redis until a supervisor has it',
      );
      return;
    }
    const applicationName = `dayline:auditor:${this.#supervisorId}`;
    this.#store = openStore(this.#config, { applicationName, timeoutMs: POSTGRES_TIMEOUT_MS });
  }

  protected override started(): void {
    if (this.#store && this.#config.HISTORY_RETENTION_DAYS > 0) this.tell('prune');
  }

  protected override async stopping(): Promise<void> {
    clearTimeout(this.#pruning);
    this.#stopped.reject(new Stopped());
    // Not awaited: a frozen Postgres would hold up the shutdown.
    this.#store?.close().catch((error) => this.#log.debug({ err: error }, 'the auditor left without a word'));
    this.#store = undefined;
  }

  protected override async handle(message: 'copy' | 'prune'): Promise<void> {
    try {
      if (message === 'copy') await this.#copy();
      else await this.#prune();
    } catch (error) {
      if (!(error instanceof Stopped)) this.#failed(error);
    }
  }

  async #copy(): Promise<void> {
    this.#told = false;
    if (!this.#store) return;
    const entries = await unlessAway(this.#list.oldest(this.#supervisorId, COPIED_AT_ONCE));
    if (!entries || entries.length === 0) return;
    const audited = await this.#unlessStopped(copyEntries(this.#store, entries));
    this.#worked();
    for (const { fate, text, reason } of audited) {
      if (fate === 'refused')
        this.#log.error({ entry: text, reason }, 'an end is not in the history: see audit_refused');
    }
    // Not told: they stay in the list, and are copied again.
    if ((await unlessAway(this.#list.audited(audited))) !== undefined) this.look();
  }

  async #prune(): Promise<void> {
    clearTimeout(this.#pruning);
    this.#pruning = setTimeout(() => this.tell('prune'), PRUNE_EVERY_MS);
    const days = this.#config.HISTORY_RETENTION_DAYS;
    for (const table of [TASK_HISTORY, EXECUTION_HISTORY]) {
      if (!this.#store) return;
      const rows = await this.#unlessStopped(pruneHistory(this.#store, table, days, PRUNED_AT_ONCE));
      if (rows > 0) this.#log.info({ table: table.name, rows, days }, 'history past its days was deleted');
      // There is more; what has come meanwhile is copied first.
      if (rows === PRUNED_AT_ONCE) this.tell('prune');
    }
  }

  /** The work, given up when the auditor is stopped: if it is done all the same, it is done again harmlessly. */
  #unlessStopped<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#stopped.promise]);
  }

  #failed(error: unknown): void {
    const now = monotonicMs();
    if (!this.#trouble) {
      this.#log.warn({ err: error }, 'the history can not be written: what tasks ended with waits in Redis');
    }
    const { since, pause } = this.#trouble ?? { since: now, pause: FIRST_PAUSE_MS };
    this.#trouble = { since, pause: Math.min(2 * pause, LONGEST_PAUSE_MS), retryAt: now + pause };
  }

  #worked(): void {
    if (!this.#trouble) return;
    const seconds = Math.round((monotonicMs() - this.#trouble.since) / 1000);
    this.#log.info({ after_seconds: seconds }, 'the history can be written again');
    this.#trouble = undefined;
  }
}

/** What Redis answers; undefined when it is away: the lease keeper's next beat will tell of what waits. */
async function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRedisAway(error)) return undefined;
    throw error;
  }
}
