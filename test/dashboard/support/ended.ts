/** A history of tasks that ended in the last two days: some failed, some were ended by force, one hour was busy. */
import type pg from 'pg';

const TASKS = 1_500;
const SECONDS = 2 * 86_400;

export async function somethingEnded(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO task_history (task_id, attempt, status, dataset, mode, job_type, params, priority, sequence,
       max_attempts, losses, timeout_seconds, progress, records_processed, created_at, updated_at, started_at,
       completed_at, last_error_type, error_message, owner)
     SELECT 'ended-' || n, 1, status, dataset, 'backfill', dataset || '.backfill', '{}', 1, n, 3, 0, 3600, 100,
       CASE status WHEN 'completed' THEN 5300 ELSE 0 END, ended - run - wait, ended, ended - run, ended,
       CASE status WHEN 'failed' THEN error END,
       CASE status WHEN 'failed' THEN 'It did not end well.' END, 'host:4711:' || n % 2
     FROM (SELECT n,
         CASE WHEN n % 41 = 0 THEN 'failed' WHEN n % 97 = 0 THEN 'cancelled' ELSE 'completed' END AS status,
         (ARRAY['timeout', 'network', 'data_rejected'])[1 + n % 3] AS error,
         (ARRAY['daily', 'adj_factor', 'daily_basic', 'moneyflow', 'stk_limit'])[1 + n * 7 % 5] AS dataset,
         now() - make_interval(secs => (n + 60 * sin(n / 30.0) + 65) * $2 / $1) AS ended,
         make_interval(secs => 20 + n * 13 % 61 + 30 * (1 + sin(n / 70.0))) AS run,
         make_interval(secs => 0.4 + n * 17 % 23 * (1 + sin(n / 110.0))) AS wait
       FROM generate_series(1, $1::int) AS n) AS given`,
    [TASKS, SECONDS],
  );
}
