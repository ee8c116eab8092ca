/** The ledger of all datasets by time, summed by Postgres: what a heatmap and a freshness board show. */
import type { ClientBase } from 'pg';
import type { LedgerRow } from './stored-data.ts';

type Client = Pick<ClientBase, 'query'>;

/** So many partitions of a dataset are in this state at this time. */
export interface TimeCount {
  dataset: string;
  /** YYYYMMDD, YYYYMM or YYYY; null: they are no time (codes, a list as a whole). */
  time: string | null;
  state: LedgerRow['state'];
  partitions: number;
}

/**
 * @param from the first day YYYYMMDD; months and years that it lies in count
 * @param to the last one
 * @param digits 8: day by day; 6: the days of a month as one
 */
export async function ledgerByTime(
  client: Client,
  from: string,
  to: string,
  digits: 8 | 6,
): Promise<TimeCount[]> {
  const { rows } = await client.query<TimeCount>(
    `SELECT dataset, left(time, $3) AS time, state, count(*)::int AS partitions FROM coverage
     WHERE time IS NULL OR (time BETWEEN left($1, 4) AND $2 AND time >= left($1, length(time)))
     GROUP BY dataset, left(time, $3), state`,
    [from, to, digits],
  );
  return rows;
}

/** The first day, month or year that the ledger has of any of the datasets; null: it has none. */
export async function firstTime(client: Client, datasets: readonly string[]): Promise<string | null> {
  const { rows } = await client.query<{ first: string | null }>(
    `SELECT min((SELECT min(time) FROM coverage WHERE dataset = name)) AS first FROM unnest($1::text[]) AS name`,
    [datasets],
  );
  return rows[0]?.first ?? null;
}

/** Those of the datasets that the ledger has entries of. */
export async function withEntries(client: Client, datasets: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) AS name
     WHERE EXISTS (SELECT 1 FROM coverage WHERE coverage.dataset = name)`,
    [datasets],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Open days of the exchange of Shanghai, YYYYMMDD in order; none while there is no calendar. */
export async function openDays(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ date: string }>(
    `SELECT to_char(cal_date, 'YYYYMMDD') AS date FROM public.trade_cal
     WHERE exchange = 'SSE' AND is_open = 1 ORDER BY cal_date`,
  );
  return rows.map(({ date }) => date);
}

/** One time of a dataset: over all of its partitions of that time. */
export interface TimeState {
  dataset: string;
  time: string;
  /** Whether each is complete, or confirmed to be empty. */
  done: boolean;
  partitions: number;
  rows: number;
  expected_rows: number | null;
  fetched_at: Date;
}

/** The times of datasets from a time on. @param since by dataset: YYYYMMDD, YYYYMM or YYYY, as its partitions are */
export async function timesSince(client: Client, since: ReadonlyMap<string, string>): Promise<TimeState[]> {
  const { rows } = await client.query<TimeState>(
    `SELECT dataset, time, bool_and(state IN ('complete', 'empty_confirmed')) AS done, count(*)::int AS partitions,
       sum(fetched_rows)::bigint AS rows, sum(expected_rows)::bigint AS expected_rows, max(fetched_at) AS fetched_at
     FROM unnest($1::text[], $2::text[]) AS asked (name, since) JOIN coverage ON dataset = name AND time >= since
     GROUP BY dataset, time`,
    [[...since.keys()], [...since.values()]],
  );
  return rows;
}

/** The last time with rows of each dataset, and when anything of it was fetched last. */
export async function lastTimes(
  client: Client,
  datasets: readonly string[],
): Promise<Map<string, { latest: string | null; fetched_at: Date | null }>> {
  const { rows } = await client.query<{ name: string; latest: string | null; fetched_at: Date | null }>(
    `SELECT name,
       (SELECT time FROM coverage WHERE dataset = name AND fetched_rows > 0 AND time IS NOT NULL
        ORDER BY time DESC LIMIT 1) AS latest,
       (SELECT max(fetched_at) FROM coverage WHERE dataset = name) AS fetched_at
     FROM unnest($1::text[]) AS name`,
    [datasets],
  );
  return new Map(rows.map(({ name, ...last }) => [name, last]));
}
