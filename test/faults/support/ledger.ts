/** The ledger in Postgres: what was committed, by whom, under which fence, in the order of the commits of a type. */
import { withPostgres } from './servers.ts';

export interface LedgerRow {
  /** From a sequence, taken while the fence of the type is held. */
  number: number;
  task_id: string;
  job_type: string;
  fence: number;
  attempt: number;
  /** 0: a run begins. */
  step: number;
  last: boolean;
  /** The supervisor. */
  owner: string;
  /** ms since the epoch. */
  at: number;
}

/** A transaction that the fence refused, as the run says that sent it. */
export interface Refusal {
  task_id: string;
  fence: number;
  /** The supervisor. */
  owner: string;
  /** `begin`: its first transaction; `commit`: a later one. */
  refused: 'begin' | 'commit';
  /** What Postgres had; 0: none. */
  known_fence: number;
  /** ms since the epoch. */
  at: number;
}

/** No constraint forbids what must not happen: it is to be seen, and not to be refused. */
const TABLE = `CREATE TABLE fault_ledger (
  number bigserial PRIMARY KEY,
  task_id text NOT NULL,
  job_type text NOT NULL,
  fence bigint NOT NULL,
  attempt int NOT NULL,
  step int NOT NULL,
  last boolean NOT NULL,
  owner text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON fault_ledger (task_id);
CREATE TABLE fault_refusals (
  task_id text NOT NULL,
  fence bigint NOT NULL,
  owner text NOT NULL,
  refused text NOT NULL,
  known_fence bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE fault_late (task_id text PRIMARY KEY)`;

export async function makeLedger(url: string): Promise<void> {
  await withPostgres(url, (client) => client.query(TABLE));
}

/** All of it, in order. */
export async function readLedger(url: string): Promise<LedgerRow[]> {
  const { rows } = await withPostgres(url, (client) =>
    client.query(
      `SELECT number::float8, task_id, job_type, fence::float8, attempt, step, last, owner,
         extract(epoch FROM at)::float8 * 1000 AS at
       FROM fault_ledger ORDER BY number`,
    ),
  );
  return rows;
}

/** What the fence refused, in order. */
export async function readRefusals(url: string): Promise<Refusal[]> {
  const { rows } = await withPostgres(url, (client) =>
    client.query(
      `SELECT task_id, fence::float8, owner, refused, known_fence::float8, extract(epoch FROM at)::float8 * 1000 AS at
       FROM fault_refusals ORDER BY at`,
    ),
  );
  return rows;
}

/** Sessions of tasks that are still open, as text; none should be when nothing runs. */
export async function openSessions(url: string): Promise<string[]> {
  const { rows } = await withPostgres(url, (client) =>
    client.query<{ text: string }>(
      `SELECT application_name || ' ' || state AS text FROM pg_stat_activity
       WHERE application_name ~ '^dayline:[0-9]+:' AND datname = current_database()`,
    ),
  );
  return rows.map(({ text }) => text);
}
