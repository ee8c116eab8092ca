/** The log of runs (R67): table scheduler_execution_log. One row a run, whatever it went through on its way. */
import type { Store } from '../store/store.ts';
import type { ExecutionStatus } from './entities.ts';

export interface Execution {
  job_id: string;
  started_at: Date;
  finished_at: Date | null;
  status: ExecutionStatus;
  error_message: string | null;
  duration_ms: number | null;
  task_id: string | null;
  report: Record<string, unknown> | null;
}

export interface Began {
  job_id: string;
  task_id: string;
  /** ms since the epoch. */
  started_at: number;
}

export interface Ended extends Began {
  finished_at: number;
  status: 'SUCCESS' | 'FAILED';
  error_message: string | null;
  report: Record<string, unknown> | null;
}

const COLUMNS = 'job_id, started_at, finished_at, status, error_message, duration_ms, task_id, report';
/** Longest duration that an int holds, in ms: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;
const LONGEST_MESSAGE = 2_100;

export class ExecutionLog {
  readonly #pool: Store['pool'];

  constructor({ pool }: Pick<Store, 'pool'>) {
    this.#pool = pool;
  }

  /** A run has begun: RUNNING, and its job's last_run_at. Told again, it changes nothing. */
  async create({ job_id, task_id, started_at }: Began): Promise<void> {
    await this.#pool.query(
      `WITH run AS (
         INSERT INTO scheduler_execution_log (job_id, task_id, started_at, status)
         VALUES ($1, $2, $3, 'RUNNING') ON CONFLICT (task_id) DO NOTHING RETURNING started_at)
       UPDATE scheduler_job_config SET last_run_at = greatest(last_run_at, run.started_at) FROM run WHERE job_id = $1`,
      [job_id, task_id, new Date(started_at)],
    );
  }

  /**
   * A run has ended. What is known of its beginning stays; an end that is known already stays too.
   * @returns whether it was news
   */
  async update(end: Ended): Promise<boolean> {
    await this.create(end);
    const { rowCount } = await this.#pool.query(
      `UPDATE scheduler_execution_log SET status = $2, finished_at = greatest($3, started_at), error_message = $4,
         report = $5, duration_ms = least(${LONGEST_MS}, greatest(0, extract(epoch FROM $3 - started_at) * 1000))
       WHERE task_id = $1 AND status = 'RUNNING'`,
      [
        end.task_id,
        end.status,
        new Date(end.finished_at),
        end.error_message?.replaceAll('\0', '').slice(0, LONGEST_MESSAGE) ?? null,
        end.report ? JSON.stringify(end.report) : null,
      ],
    );
    return rowCount === 1;
  }

  /** The queue refused a run for good (D5): FAILED at once, and no run. @param at ms since the epoch */
  async noteRefused(job_id: string, task_id: string, at: number, error_message: string): Promise<void> {
    await this.#pool.query(
      `INSERT INTO scheduler_execution_log
         (job_id, task_id, started_at, finished_at, status, error_message, duration_ms)
       VALUES ($1, $2, $3, $3, 'FAILED', $4, 0) ON CONFLICT (task_id) DO NOTHING`,
      [job_id, task_id, new Date(at), error_message.replaceAll('\0', '').slice(0, LONGEST_MESSAGE)],
    );
  }

  /** The newest runs of a job, newest first. */
  getRecentByJobId(job_id: string, limit: number): Promise<Execution[]> {
    return this.#query('WHERE job_id = $2', [limit, job_id]);
  }

  /** The newest runs of all jobs, newest first. */
  getRecent(limit: number): Promise<Execution[]> {
    return this.#query('', [limit]);
  }

  /** The newest run of each job. */
  async lastOfEach(): Promise<Map<string, Execution>> {
    const { rows } = await this.#pool.query<Execution>(
      `SELECT DISTINCT ON (job_id) ${COLUMNS} FROM scheduler_execution_log ORDER BY job_id, started_at DESC`,
    );
    return new Map(rows.map((row) => [row.job_id, row]));
  }

  /** When each job last succeeded, ms since the epoch. */
  async lastSuccesses(): Promise<Map<string, number>> {
    const { rows } = await this.#pool.query<{ job_id: string; at: Date }>(
      `SELECT job_id, max(finished_at) AS at FROM scheduler_execution_log WHERE status = 'SUCCESS' GROUP BY job_id`,
    );
    return new Map(rows.map(({ job_id, at }) => [job_id, at.getTime()]));
  }

  /** RUNNING rows that nobody follows: what wrote them was killed, and no task is known for them. @returns how many */
  async closeInterrupted(): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `UPDATE scheduler_execution_log AS log SET status = 'FAILED', finished_at = now(),
         error_message = 'interrupted: what ran it was killed',
         duration_ms = least(${LONGEST_MS}, greatest(0, extract(epoch FROM now() - started_at) * 1000))
       WHERE status = 'RUNNING' AND NOT EXISTS (
         SELECT FROM scheduler_firings WHERE task_id = log.task_id AND ended_at IS NULL)`,
    );
    return rowCount ?? 0;
  }

  /** Tasks of runs that failed within the last days, the newest first: somebody may run them again. */
  async failedTasks(days: number, limit: number): Promise<{ job_id: string; task_id: string }[]> {
    const { rows } = await this.#pool.query<{ job_id: string; task_id: string }>(
      `SELECT job_id, task_id FROM scheduler_execution_log
       WHERE status = 'FAILED' AND task_id IS NOT NULL AND finished_at > now() - make_interval(days => $1)
       ORDER BY finished_at DESC LIMIT $2`,
      [days, limit],
    );
    return rows;
  }

  /** Deletes up to `limit` runs that ended more than `days` ago; the last success of a job stays. */
  async prune(days: number, limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `DELETE FROM scheduler_execution_log WHERE ctid = ANY (ARRAY(
         SELECT old.ctid FROM scheduler_execution_log AS old
         WHERE finished_at < now() - make_interval(days => $1) AND (status <> 'SUCCESS' OR EXISTS (
           SELECT FROM scheduler_execution_log AS newer WHERE newer.job_id = old.job_id
             AND newer.status = 'SUCCESS' AND newer.finished_at > old.finished_at))
         LIMIT $2))`,
      [days, limit],
    );
    return rowCount ?? 0;
  }

  async #query(where: string, values: unknown[]): Promise<Execution[]> {
    const { rows } = await this.#pool.query<Execution>(
      `SELECT ${COLUMNS} FROM scheduler_execution_log ${where} ORDER BY started_at DESC, id LIMIT $1`,
      values,
    );
    return rows;
  }
}
