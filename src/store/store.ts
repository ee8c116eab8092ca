/**
 * The way to Postgres for code on the hot path: a pool of the native driver. MikroORM owns the schema
 * (entities, migrations), but a thread that only copies and merges rows doesn't import it: its import costs
 * 244 ms in a fresh thread (dependencies.md § 2), and the upserts it offers are 5 to 8 times slower than COPY.
 */
import pg from 'pg';
import { type DatabaseSettings, pgTypes, readConnection } from './connection.ts';

/** One connection for the rows, one for the rest; a run needs no more. */
const MAX_CONNECTIONS = 3;
/** A frozen owner holds row locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;

export interface Store {
  readonly pool: pg.Pool;
  /** Runs the work in one transaction on one connection; an error rolls back and is thrown on. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Shown in pg_stat_activity; a run uses {@link applicationName}. */
  applicationName: string;
  /** Longest wait for a connection, and for the answer to a statement, in ms. None: 10 s, and any time. */
  timeoutMs?: number;
}

/** Opens the store. Connects at the first query. @throws ConfigError when DATABASE_URL can't be used. */
export function openStore(config: DatabaseSettings, options: StoreOptions): Store {
  const pool = new pg.Pool({
    ...readConnection(config),
    application_name: options.applicationName,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: options.timeoutMs ?? CONNECT_TIMEOUT_MS,
    ...(options.timeoutMs ? { query_timeout: options.timeoutMs, statement_timeout: options.timeoutMs } : {}),
    max: MAX_CONNECTIONS,
    types: pgTypes,
  });
  // An idle connection that Postgres ends must not end the process: the next query gets a fresh one.
  pool.on('error', () => {});
  let closing: Promise<void> | undefined;
  return {
    pool,
    transaction: (work) => inTransaction(pool, work),
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Postgres may end a connection that is in use (a newer owner does so); the running query tells it.
  const ignore = () => {};
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}
