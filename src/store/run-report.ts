/** What a run brought, read from the ledger right after its end: for the log of scheduled runs. */
import type { Task } from '../queue/task.ts';
import type { Store } from './store.ts';

export interface RunReport extends Record<string, unknown> {
  /** What the run touched, by dataset. */
  datasets: {
    dataset: string;
    partitions: number;
    rows: number;
    missing: number;
    partial: number;
    failed: number;
  }[];
  /** Rows stored. */
  rows: number;
  /** Partitions of these datasets that are not whole, whichever run they come from. */
  gaps_left: number;
  /** Failures of these datasets that wait for their retry or for a person, by class. */
  failures: Record<string, number>;
  /** Calls to TuShare, those of earlier attempts too; null: not counted. */
  calls: number | null;
  /** From the start of the last attempt to the end. */
  duration_ms: number | null;
  /** The run's own last words. */
  summary: string | null;
}

/** @param calls that the task has used; null: not known */
export async function reportOf(
  { pool }: Pick<Store, 'pool'>,
  task: Task,
  calls: number | null,
): Promise<RunReport> {
  const names = await datasetsOf(pool, task.task_id);
  const [touched, gaps, failures] = await Promise.all([
    pool.query<RunReport['datasets'][number]>(TOUCHED, [task.task_id]),
    pool.query<{ gaps: number }>(
      `SELECT count(*)::int AS gaps FROM coverage WHERE dataset = ANY($1) AND state IN ('missing', 'partial', 'failed')`,
      [names],
    ),
    pool.query<{ error_type: string; failures: number }>(
      `SELECT error_type, count(*)::int AS failures FROM sync_failure_records
       WHERE resolved_at IS NULL AND EXISTS (
         SELECT FROM jsonb_array_elements(units) unit WHERE unit->>'dataset' = ANY($1))
       GROUP BY 1 ORDER BY 1`,
      [names],
    ),
  ]);
  const { started_at, completed_at } = task;
  return {
    datasets: touched.rows,
    rows: task.records_processed,
    gaps_left: gaps.rows[0]?.gaps ?? 0,
    failures: Object.fromEntries(failures.rows.map((row) => [row.error_type, row.failures])),
    calls,
    duration_ms: started_at === null || completed_at === null ? null : completed_at - started_at,
    summary: task.progress_message,
  };
}

/** Of a plan that needed nothing, too. */
async function datasetsOf(pool: Store['pool'], task_id: string): Promise<string[]> {
  const { rows } = await pool.query<{ dataset: string }>(
    `SELECT DISTINCT dataset FROM sync_tasks, LATERAL (
       SELECT config->>'dataset' AS dataset
       UNION SELECT jsonb_array_elements_text(coalesce(config::jsonb->'params'->'also', '[]'))
       UNION SELECT unit->>'dataset' FROM jsonb_array_elements(coalesce(config::jsonb->'units', '[]')) unit
     ) AS named WHERE config->>'task_id' = $1 AND dataset IS NOT NULL`,
    [task_id],
  );
  return rows.map(({ dataset }) => dataset);
}

const TOUCHED = `
  SELECT dataset, count(*)::int AS partitions, coalesce(sum(fetched_rows), 0)::int AS rows,
    ${['missing', 'partial', 'failed']
      .map((state) => `count(*) FILTER (WHERE coverage.state = '${state}')::int AS ${state}`)
      .join(', ')}
  FROM coverage JOIN sync_tasks ON sync_tasks.id = sync_task_id
  WHERE config->>'task_id' = $1 GROUP BY dataset ORDER BY dataset`;
