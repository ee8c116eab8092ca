/** The stored schedules (R66). They are the only state of a schedule: whoever leads reads them anew every second. */
import type { Store } from '../store/store.ts';
import type { Timing } from './timing.ts';

/** A row of scheduler_job_config. */
export interface JobConfig {
  job_id: string;
  job_name: string;
  cron_expression: string;
  interval_minutes: number | null;
  timezone: string;
  enabled: boolean;
  job_kwargs: Record<string, unknown> | null;
  scheduled_at: Date;
  /** scheduled_at to the microsecond: which version of the schedule this is. */
  version: string;
  last_run_at: Date | null;
}

/** What an edit may change; what is left out stays. */
export interface JobConfigEdit {
  timing?: Timing;
  enabled?: boolean;
  job_name?: string;
  job_kwargs?: Record<string, unknown> | null;
}

const COLUMNS = `job_id, job_name, cron_expression, interval_minutes, timezone, enabled, job_kwargs, scheduled_at,
  scheduled_at::text AS version, last_run_at`;

export class JobConfigs {
  readonly #pool: Store['pool'];

  constructor({ pool }: Pick<Store, 'pool'>) {
    this.#pool = pool;
  }

  getAll(): Promise<JobConfig[]> {
    return this.#query(`SELECT ${COLUMNS} FROM scheduler_job_config ORDER BY job_id`);
  }

  getAllEnabled(): Promise<JobConfig[]> {
    return this.#query(`SELECT ${COLUMNS} FROM scheduler_job_config WHERE enabled ORDER BY job_id`);
  }

  async getByJobId(job_id: string): Promise<JobConfig | null> {
    const rows = await this.#query(`SELECT ${COLUMNS} FROM scheduler_job_config WHERE job_id = $1`, [job_id]);
    return rows[0] ?? null;
  }

  /**
   * Makes a schedule or changes what is named of it, in one statement: either all of it holds, or nothing. A new
   * timing, and one that is enabled again, holds from now on: what was due before is not made up for.
   * @param job_name of a row that is made now, unless the edit names one
   */
  async upsert(job_id: string, job_name: string, edit: JobConfigEdit): Promise<JobConfig> {
    const { timing, enabled, job_kwargs } = edit;
    const rows = await this.#query(
      `INSERT INTO scheduler_job_config AS stored
         (job_id, job_name, cron_expression, interval_minutes, timezone, enabled, job_kwargs)
       VALUES ($1, coalesce($3, $2), coalesce($4, ''), $5, coalesce($6, 'Asia/Shanghai'), coalesce($7, true), $8)
       ON CONFLICT (job_id) DO UPDATE SET
         job_name = coalesce($3, stored.job_name),
         cron_expression = coalesce($4, stored.cron_expression),
         interval_minutes = CASE WHEN $4 IS NULL THEN stored.interval_minutes ELSE $5 END,
         timezone = coalesce($6, stored.timezone),
         enabled = coalesce($7, stored.enabled),
         job_kwargs = CASE WHEN $9 THEN $8 ELSE stored.job_kwargs END,
         scheduled_at = CASE WHEN $4 IS NOT NULL OR ($7 AND NOT stored.enabled) THEN clock_timestamp()
           ELSE stored.scheduled_at END,
         updated_at = now()
       RETURNING ${COLUMNS}`,
      [
        job_id,
        job_name,
        edit.job_name ?? null,
        timing ? (timing.cron_expression ?? '') : null,
        timing?.interval_minutes ?? null,
        timing?.timezone ?? null,
        enabled ?? null,
        job_kwargs ? JSON.stringify(job_kwargs) : null,
        job_kwargs !== undefined,
      ],
    );
    return rows[0] as JobConfig;
  }

  /** @returns whether it was enabled; false too where there is no schedule. */
  async disable(job_id: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'UPDATE scheduler_job_config SET enabled = false, updated_at = now() WHERE job_id = $1 AND enabled',
      [job_id],
    );
    return rowCount === 1;
  }

  async #query(text: string, values: unknown[] = []): Promise<JobConfig[]> {
    return (await this.#pool.query<JobConfig>(text, values)).rows;
  }
}
