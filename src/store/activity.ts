/**
 * What has ended in spans of time, from the history of tasks: how many, as what, and how long they waited and ran. Each
 * span is one stretch of an index that holds all that is counted, so a million rows are read without the table.
 */
import type { Store } from './store.ts';

/** From the first moment, before the second; ms since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/** Seconds that half and 95 % of the tasks stayed within (percentile_disc: each is the time of one task). */
export interface Percentiles {
  p50: number;
  p95: number;
}

export interface Activity {
  completed: number;
  failed: number;
  cancelled: number;
  /** Rows stored by them. */
  rows: number;
  /** From submission to start, of tasks that ended with their first attempt; null: there is none. */
  wait_seconds: Percentiles | null;
  /** From the start of the last attempt to the end, of tasks that ran; null: there is none. */
  run_seconds: Percentiles | null;
}

export interface TypeActivity extends Activity {
  job_type: string;
}

const FIGURES = `
  count(*) FILTER (WHERE status = 'completed')::int AS completed,
  count(*) FILTER (WHERE status = 'failed')::int AS failed,
  count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled,
  coalesce(sum(records_processed), 0)::float8 AS rows,
  percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY date_part('epoch', started_at - created_at))
    FILTER (WHERE attempt <= 1) AS wait,
  percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY date_part('epoch', completed_at - started_at)) AS run`;

/**
 * The figures of each span, in order. @param job_type only of this type
 * @throws the database's error
 */
export async function activityOf(
  { pool }: Pick<Store, 'pool'>,
  spans: readonly Span[],
  job_type?: string,
): Promise<Activity[]> {
  const { rows } = await pool.query<Row>(
    `SELECT figures.* FROM unnest($1::timestamptz[], $2::timestamptz[]) WITH ORDINALITY AS span (since, until, place),
       LATERAL (SELECT ${FIGURES} FROM task_history
         WHERE completed_at >= since AND completed_at < until ${job_type === undefined ? '' : 'AND job_type = $3'}
       ) AS figures ORDER BY place`,
    [spans.map(({ from }) => iso(from)), spans.map(({ to }) => iso(to)), ...(job_type ? [job_type] : [])],
  );
  return rows.map(activityFrom);
}

/** The types of which most has ended in a span, at most so many. @throws the database's error */
export async function activityByType(
  { pool }: Pick<Store, 'pool'>,
  { from, to }: Span,
  limit: number,
): Promise<TypeActivity[]> {
  // one step through the index for each type that the history knows, instead of a look at each row
  const { rows } = await pool.query<Row & { job_type: string }>(
    `WITH RECURSIVE known AS (
       SELECT min(job_type) AS job_type FROM task_history
       UNION ALL
       SELECT (SELECT min(job_type) FROM task_history WHERE job_type > known.job_type)
       FROM known WHERE known.job_type IS NOT NULL
     )
     SELECT job_type, figures.* FROM known,
       LATERAL (SELECT ${FIGURES} FROM task_history
         WHERE task_history.job_type = known.job_type AND completed_at >= $1 AND completed_at < $2) AS figures
     WHERE completed + failed + cancelled > 0
     ORDER BY completed + failed + cancelled DESC, job_type LIMIT $3`,
    [iso(from), iso(to), limit],
  );
  return rows.map((row) => ({ job_type: row.job_type, ...activityFrom(row) }));
}

interface Row extends Pick<Activity, 'completed' | 'failed' | 'cancelled' | 'rows'> {
  /** null: no row; an array of nulls: no row with such a time. */
  wait: (number | null)[] | null;
  run: (number | null)[] | null;
}

function activityFrom({ completed, failed, cancelled, rows, wait, run }: Row): Activity {
  return {
    completed,
    failed,
    cancelled,
    rows,
    wait_seconds: percentilesFrom(wait),
    run_seconds: percentilesFrom(run),
  };
}

/** A clock of Redis that was set back must not make a time negative. */
function percentilesFrom(found: (number | null)[] | null): Percentiles | null {
  const [p50, p95] = found ?? [];
  return p50 == null || p95 == null ? null : { p50: Math.max(0, p50), p95: Math.max(0, p95) };
}

const iso = (ms: number): string => new Date(ms).toISOString();
