/** What Postgres tells about the data and the work on it, in figures: for /metrics. */
import type { Store } from './store.ts';

export interface StoredFigures {
  /** Partitions of a dataset by state (complete, partial, missing …), and the rows in them. */
  coverage: { dataset: string; state: string; partitions: number; rows: number }[];
  /** Rows that syncs have stored since the beginning, by job type; rows stored again count again. */
  synced: { job_type: string; rows: number }[];
  /** Ends of tasks of the last 24 hours, with the running times of the completed ones, in s. */
  ended: { job_type: string; status: string; tasks: number; median: number | null; p95: number | null }[];
}

/** Some 0.2 s of Postgres for 164 datasets × 10 years. @throws the database's error */
export async function readFigures({ pool }: Pick<Store, 'pool'>): Promise<StoredFigures> {
  const [coverage, synced, ended] = await Promise.all([
    pool.query<StoredFigures['coverage'][number]>(
      `SELECT dataset, state, count(*)::int AS partitions, coalesce(sum(fetched_rows), 0)::float8 AS rows
       FROM coverage GROUP BY dataset, state ORDER BY dataset, state`,
    ),
    pool.query<StoredFigures['synced'][number]>(
      `SELECT job_type, sum(total_processed)::float8 AS rows FROM sync_tasks GROUP BY job_type ORDER BY job_type`,
    ),
    pool.query<StoredFigures['ended'][number]>(
      `SELECT job_type, status, count(*)::int AS tasks,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at))::float8 AS median,
         percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at))::float8 AS p95
       FROM task_history WHERE completed_at > now() - interval '24 hours'
       GROUP BY job_type, status ORDER BY job_type, status`,
    ),
  ]);
  return { coverage: coverage.rows, synced: synced.rows, ended: ended.rows };
}
