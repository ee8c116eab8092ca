/** Whether Postgres answers, asked in bounded time. It knows nothing of what is stored there. */
import pg from 'pg';
import { ConfigError } from '../errors.ts';
import { connectFault } from '../store/connect-fault.ts';
import { type DatabaseSettings, readConnection } from '../store/connection.ts';

/** Longest wait for a connection, and again for the answer, in ms. */
const PROBE_TIMEOUT_MS = 1000;
/** One answer serves everybody who asks within this time, in ms. */
const FRESH_MS = 1000;

export interface Availability {
  available: boolean;
  reason: string | null;
}

export class PostgresProbe {
  readonly #config: DatabaseSettings;
  #asked = Number.NEGATIVE_INFINITY;
  #answer: Promise<Availability> | undefined;

  constructor(config: DatabaseSettings) {
    this.#config = config;
  }

  /** Never throws; takes about 2 s at most. */
  check(): Promise<Availability> {
    if (this.#answer === undefined || performance.now() - this.#asked > FRESH_MS) {
      this.#asked = performance.now();
      this.#answer = this.#probe();
    }
    return this.#answer;
  }

  /** A connection of its own each time: it can't be a stale one, and none is held while nobody asks. */
  async #probe(): Promise<Availability> {
    let client: pg.Client | undefined;
    try {
      client = new pg.Client({
        ...readConnection(this.#config),
        application_name: 'dayline:web',
        connectionTimeoutMillis: PROBE_TIMEOUT_MS,
        query_timeout: PROBE_TIMEOUT_MS,
      });
      // a connection that breaks is noticed by the query; without a listener it would end the process
      client.on('error', () => {});
      await client.connect();
      await client.query('select 1');
      return { available: true, reason: null };
    } catch (error) {
      return { available: false, reason: reasonOf(error) };
    } finally {
      client?.end().catch(() => {}); // not awaited: a frozen server never says goodbye
    }
  }
}

/** A word for people. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return connectFault(error)?.message ?? 'no answer in time';
}
