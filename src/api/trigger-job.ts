/** A person wants a job now: its task goes into the queue, and its run stands in the log like a scheduled one. */
import type { FastifyBaseLogger } from 'fastify';
import { ApiError } from '../errors.ts';
import { newId } from '../queue/new-id.ts';
import type { ScheduledJob } from '../scheduler/registry.ts';
import { onSchedules } from './schedule-access.ts';
import type { ApiDeps } from './server.ts';

/**
 * Works for a job without a schedule, too; and without Postgres, but then its run is missing in the log.
 * @param kwargs go before those of its schedule
 * @returns the id of its task
 * @throws ApiError as a submission; one that is refused stands in the log as FAILED (D5)
 */
export async function triggerJob(
  { history }: Pick<ApiDeps, 'history'>,
  { job_id, submit }: ScheduledJob,
  kwargs: Record<string, unknown>,
  logger: FastifyBaseLogger,
): Promise<string> {
  const task_id = newId();
  /** What the log of runs can't take must not keep a job from running (R69). */
  const quietly = async <T>(work: Parameters<typeof onSchedules<T>>[1]): Promise<T | undefined> => {
    try {
      return await onSchedules(history, work);
    } catch (error) {
      logger.error({ err: error, job_id, task_id }, 'a triggered job is not in the log of runs');
      return undefined;
    }
  };
  const config = await quietly(({ configs }) => configs.getByJobId(job_id));
  try {
    await submit({ ...config?.job_kwargs, ...kwargs }, task_id);
  } catch (error) {
    if (error instanceof ApiError) {
      const error_message = `${error.code}: ${error.message}`;
      await quietly(({ log }) => log.noteRefused(job_id, task_id, Date.now(), error_message));
    }
    throw error;
  }
  await quietly(({ firings }) => firings.note(job_id, task_id, 'person'));
  return task_id;
}
