/**
 * What became of each moment at which a job was due: table scheduler_firings.
 *
 *   (not there) ──decided──▶ due ──enqueued──▶ enqueued ──its run ended──▶ ended_at
 *        │                    ├──an earlier one still waits──▶ skipped
 *        │                    └──refused──▶ refused
 *        └──too old──▶ missed ◀──given up──┘
 *
 * A row is decided once, by whoever inserts it; everybody else finds it there. Its task id follows from its key, so
 * between due and enqueued it may be enqueued any number of times. That is why a leader may die at any instant.
 */
import type { Store } from '../store/store.ts';
import type { FiringSource, FiringState } from './firing-states.ts';
import { firingTaskId } from './uuid5.ts';

export interface Firing {
  job_id: string;
  /** ms since the epoch. */
  due_at: number;
  task_id: string;
}

/** What is decided for a job at one moment. Instants are ms since the epoch. */
export interface Decision {
  job_id: string;
  /** The schedule that it was decided by (JobConfig.version): if that was changed meanwhile, nothing is written. */
  version: string;
  fire: readonly number[];
  missed: readonly number[];
  /** Why those were missed. */
  reason: string;
}

/** A firing as it is listed. */
export interface ListedFiring {
  job_id: string;
  /** In UTC, to the microsecond: with job_id its place in the list. */
  due_at: string;
  state: FiringState;
  source: FiringSource;
  task_id: string;
  reason: string | null;
  ended_at: Date | null;
}

export interface FiringFilter {
  job_id?: string | undefined;
  state?: FiringState | undefined;
  /** Due at this moment or later, ISO 8601. */
  from?: string | undefined;
  /** Due before this moment. */
  to?: string | undefined;
  /** The place of the last one of the page before. */
  after?: { due_at: string; job_id: string } | undefined;
  limit: number;
}

/** Firings in hand at one time; the next ones follow a second later. */
const AT_ONCE = 500;

export class Firings {
  readonly #pool: Store['pool'];

  constructor({ pool }: Pick<Store, 'pool'>) {
    this.#pool = pool;
  }

  /** The last moment that was decided for each job that has a schedule, ms since the epoch. */
  async decidedUntil(): Promise<Map<string, number>> {
    const { rows } = await this.#pool.query<{ job_id: string; until: number | null }>(
      `SELECT job_id, (SELECT (extract(epoch FROM due_at) * 1000)::bigint FROM scheduler_firings AS firing
         WHERE firing.job_id = config.job_id AND source = 'schedule' ORDER BY due_at DESC LIMIT 1) AS until
       FROM scheduler_job_config AS config`,
    );
    return new Map(rows.flatMap(({ job_id, until }) => (until === null ? [] : [[job_id, until] as const])));
  }

  /** Writes a decision, all of it or nothing; what was decided before stays. */
  async decide({ job_id, version, fire, missed, reason }: Decision): Promise<void> {
    const dues = [...fire, ...missed];
    await this.#pool.query(
      `INSERT INTO scheduler_firings (job_id, due_at, task_id, state, reason, ended_at)
       SELECT $1::text, due_at, task_id, CASE WHEN fired THEN 'due' ELSE 'missed' END,
         CASE WHEN NOT fired THEN $6::text END,
         CASE WHEN NOT fired THEN now() END
       FROM unnest($3::timestamptz[], $4::text[], $5::boolean[]) AS given (due_at, task_id, fired)
       WHERE EXISTS (SELECT FROM scheduler_job_config
         WHERE job_id = $1::text AND enabled AND scheduled_at = $2::timestamptz FOR SHARE)
       ON CONFLICT (job_id, due_at) DO NOTHING`,
      [
        job_id,
        version,
        dues.map((due) => new Date(due).toISOString()),
        dues.map((due) => firingTaskId(job_id, due)),
        dues.map((_, n) => n < fire.length),
        reason,
      ],
    );
  }

  /** Those that are decided and not known to be in the queue, oldest first. */
  due(): Promise<Firing[]> {
    return this.#inState('due');
  }

  /** Those whose task was put into the queue and whose end is not known, oldest first. */
  enqueued(): Promise<Firing[]> {
    return this.#inState('enqueued');
  }

  /** Their tasks are in the queue. */
  async setEnqueued(firing: Firing): Promise<void> {
    await this.#pool.query(
      `UPDATE scheduler_firings SET state = 'enqueued', updated_at = now()
       WHERE job_id = $1 AND due_at = $2 AND state = 'due'`,
      keyOf(firing),
    );
  }

  /** It will never be in the queue. @returns whether that was news */
  async giveUp(firing: Firing, state: 'skipped' | 'missed' | 'refused', reason: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `UPDATE scheduler_firings SET state = $3, reason = $4, updated_at = now(), ended_at = now()
       WHERE job_id = $1 AND due_at = $2 AND state = 'due'`,
      [...keyOf(firing), state, reason],
    );
    return rowCount === 1;
  }

  /**
   * The task of the newest earlier moment of the same schedule whose end is not known: one that would do the same work,
   * since the row of the job has not been changed after it.
   * @param earlierMs by how much earlier it was due, at least
   */
  async openBefore({ job_id, due_at }: Firing, earlierMs: number): Promise<string | null> {
    const { rows } = await this.#pool.query<{ task_id: string }>(
      `SELECT task_id FROM scheduler_firings AS firing JOIN scheduler_job_config AS config USING (job_id)
       WHERE job_id = $1 AND due_at < $2 AND due_at >= config.updated_at AND source = 'schedule'
         AND state = 'enqueued' AND ended_at IS NULL
       ORDER BY due_at DESC LIMIT 1`,
      [job_id, new Date(due_at - earlierMs).toISOString()],
    );
    return rows[0]?.task_id ?? null;
  }

  /** Notes a run that no schedule wanted, so that it is followed to its end. */
  async note(job_id: string, task_id: string, source: FiringSource): Promise<void> {
    await this.#pool.query(
      `INSERT INTO scheduler_firings (job_id, due_at, task_id, source, state)
       SELECT $1, clock_timestamp(), $2::text, $3, 'enqueued'
       WHERE NOT EXISTS (SELECT FROM scheduler_firings WHERE task_id = $2::text)`,
      [job_id, task_id, source],
    );
  }

  /** Nothing more is to come of these. */
  async setEnded(task_id: string): Promise<void> {
    await this.#pool.query(
      'UPDATE scheduler_firings SET ended_at = now(), updated_at = now() WHERE task_id = $1 AND ended_at IS NULL',
      [task_id],
    );
  }

  /** The last to be due first. */
  async list({ job_id, state, from, to, after, limit }: FiringFilter): Promise<ListedFiring[]> {
    const { rows } = await this.#pool.query<ListedFiring>(
      `SELECT job_id, to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS due_at,
         state, source, task_id, reason, ended_at
       FROM scheduler_firings AS firing
       WHERE ($1::text IS NULL OR job_id = $1) AND ($2::text IS NULL OR state = $2)
         AND ($3::timestamptz IS NULL OR firing.due_at >= $3) AND ($4::timestamptz IS NULL OR firing.due_at < $4)
         AND ($5::timestamptz IS NULL OR (firing.due_at, job_id) < ($5, $6))
       ORDER BY firing.due_at DESC, job_id DESC LIMIT $7`,
      [job_id, state, from, to, after?.due_at, after?.job_id, limit],
    );
    return rows;
  }

  /** Deletes what ended more than `days` ago, up to `limit` rows; the last of each job stays: it says how far one is. */
  async prune(days: number, limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `DELETE FROM scheduler_firings WHERE ctid = ANY (ARRAY(
         SELECT old.ctid FROM scheduler_firings AS old
         WHERE ended_at < now() - make_interval(days => $1) AND EXISTS (SELECT FROM scheduler_firings AS newer
           WHERE newer.job_id = old.job_id AND newer.source = 'schedule' AND newer.due_at > old.due_at)
         LIMIT $2))`,
      [days, limit],
    );
    return rowCount ?? 0;
  }

  async #inState(state: string): Promise<Firing[]> {
    const { rows } = await this.#pool.query<Firing>(
      `SELECT job_id, (extract(epoch FROM due_at) * 1000)::bigint AS due_at, task_id FROM scheduler_firings
       WHERE state = $1 AND ended_at IS NULL ORDER BY scheduler_firings.due_at LIMIT ${AT_ONCE}`,
      [state],
    );
    return rows;
  }
}

const keyOf = ({ job_id, due_at }: Firing): [string, string] => [job_id, new Date(due_at).toISOString()];
