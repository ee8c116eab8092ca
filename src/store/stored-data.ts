/** What is stored of datasets, read for people: the ledger, sizes of tables, rows. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { quoted } from './sql.ts';

type Client = Pick<ClientBase, 'query'>;

/** One entry of the ledger, as it stands there. */
export interface LedgerRow {
  partition: string;
  state: 'complete' | 'partial' | 'missing' | 'empty_confirmed' | 'failed';
  expected_rows: number | null;
  fetched_rows: number;
  short_answers: number;
  fetched_at: Date;
}

/** All entries of a dataset, by partition. @param times only those of these: YYYYMMDD, YYYYMM, YYYY */
export async function ledgerOf(
  client: Client,
  dataset: string,
  times: readonly string[] | null = null,
): Promise<LedgerRow[]> {
  const { rows } = await client.query<LedgerRow>(
    `SELECT partition, state, expected_rows, fetched_rows, short_answers, fetched_at FROM coverage
     WHERE dataset = $1 AND ($2::text[] IS NULL OR time = ANY($2)) ORDER BY partition COLLATE "C"`,
    [dataset, times],
  );
  return rows;
}

/** How much a table holds, by Postgres' own estimate; null where it has none yet. */
export interface TableSize {
  rows: number | null;
  /** With indexes. */
  bytes: number;
}

export async function tableSizes(
  client: Client,
  datasets: readonly string[],
): Promise<Map<string, TableSize>> {
  const { rows } = await client.query<{ dataset: string; rows: number; bytes: number }>(
    `SELECT dataset, reltuples::bigint AS rows, pg_total_relation_size(pg_class.oid) AS bytes
     FROM dataset_tables JOIN pg_class ON pg_class.oid = to_regclass('public.' || quote_ident(table_name))
     WHERE dataset = ANY($1)`,
    [datasets],
  );
  return new Map(
    rows.map(({ dataset, ...size }) => [dataset, { ...size, rows: size.rows < 0 ? null : size.rows }]),
  );
}

/** What the ledger knows of a dataset in all. */
export interface LedgerSum {
  partitions: number;
  rows: number;
  /** The last day, month or year of which something is stored; null: its partitions are none. */
  latest: string | null;
}

/** The ledger's sums of every dataset that has entries. */
export async function ledgerSums(client: Client): Promise<Map<string, LedgerSum>> {
  const { rows } = await client.query<LedgerSum & { dataset: string }>(
    `SELECT dataset, count(*)::int AS partitions, coalesce(sum(fetched_rows), 0)::bigint AS rows,
       max(time) FILTER (WHERE fetched_rows > 0) AS latest
     FROM coverage GROUP BY dataset`,
  );
  return new Map(rows.map(({ dataset, ...sum }) => [dataset, sum]));
}

export interface RowsQuery {
  ts_code?: string | undefined;
  /** Days YYYYMMDD of {@link dateFieldOf}, both counted. */
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  offset: number;
}

/** The field by which rows are chosen by day: what it is fetched by, else the first date of the key, else none. */
export function dateFieldOf({ fetch, key, fields }: TableDataset): string | null {
  const dates = fields.filter(({ type }) => type === 'date').map(({ name }) => name);
  const byFetch = 'date_field' in fetch ? fetch.date_field : undefined;
  if (byFetch !== undefined && dates.includes(byFetch)) return byFetch;
  return key.find((name) => dates.includes(name)) ?? null;
}

/**
 * Rows in the order of the key, the newest day first where an index answers that. Columns and table come from the
 * declaration, values are parameters.
 */
export async function readRows(
  client: Client,
  dataset: TableDataset,
  { ts_code, from, to, limit, offset }: RowsQuery,
): Promise<Record<string, unknown>[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const given = (sql: string, value: string | undefined, cast: string) => {
    if (value !== undefined) conditions.push(`${sql} $${values.push(value)}::${cast}`);
  };
  const date = dateFieldOf(dataset);
  given('ts_code =', ts_code, 'text');
  if (date !== null) {
    given(`${quoted(date)} >=`, from, 'date');
    given(`${quoted(date)} <=`, to, 'date');
  }
  const columns = dataset.fields.map(({ name, type }) =>
    type === 'date' ? `to_char(${quoted(name)}, 'YYYYMMDD') AS ${quoted(name)}` : quoted(name),
  );
  const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
  const key = dataset.key.map((name) => `stored.${quoted(name)}`);
  const newest = date !== null && hasIndexBy(dataset, date, ts_code) ? [`stored.${quoted(date)} DESC`] : [];
  const order = [...newest, ...key].join(', ');
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT ${columns.join(', ')} FROM public.${quoted(dataset.name)} AS stored ${where}
     ORDER BY ${order} LIMIT $${values.push(limit)} OFFSET $${values.push(offset)}`,
    values,
  );
  return rows;
}

/**
 * Whether rows can be read by day without sorting the table: those of all codes, or those of one. A day that may be
 * null does not count, since nulls would stand before the newest.
 */
function hasIndexBy(
  { key, nullable_key = [], indexes = [] }: TableDataset,
  date: string,
  ts_code: string | undefined,
): boolean {
  if (!key.includes(date) || nullable_key.includes(date)) return false;
  return [key, ...indexes].some(
    ([first, second]) => first === date || (ts_code !== undefined && first === 'ts_code' && second === date),
  );
}
