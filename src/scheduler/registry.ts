/**
 * The jobs that can be scheduled, as they are handed to the scheduler: it knows none of them, and none of their
 * insides (R63). All a job can do is put a task into the queue (R7).
 */
import { ApiError } from '../errors.ts';

export interface ScheduledJob {
  readonly job_id: string;
  /** For people; of a schedule that is made without a name. */
  readonly job_name: string;
  /** A moment that was missed because nothing ran is made up for when it is younger than this, in minutes. */
  readonly grace_minutes: number;
  /** Has nothing new to fetch on days when the exchange is closed. */
  readonly skips_closed_days: boolean;
  /** @throws ApiError when it would refuse these kwargs; a token that is missing is no matter yet */
  check(kwargs: Record<string, unknown>): Promise<void>;
  /**
   * Puts its task into the queue. Doing it again with the same id changes nothing.
   * @throws ApiError QUEUE_UNAVAILABLE when it may go better later; any other means that it never will
   */
  submit(kwargs: Record<string, unknown>, task_id?: string): Promise<{ task_id: string }>;
}

/** By job id, in the order in which they are listed. */
export type JobRegistry = ReadonlyMap<string, ScheduledJob>;

/** @throws ApiError NOT_FOUND, naming the jobs there are */
export function jobOf(registry: JobRegistry, job_id: string): ScheduledJob {
  const job = registry.get(job_id);
  if (job) return job;
  throw new ApiError(
    'NOT_FOUND',
    `任务 '${job_id.slice(0, 100)}' 不存在，可用任务: ${[...registry.keys()].join(', ')}`,
  );
}
