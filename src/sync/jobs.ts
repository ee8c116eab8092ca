/**
 * The six jobs of the seeds by their ids: what each one submits. Whoever schedules or triggers them (R7, R117) calls
 * {@link submitJob}; nothing here can run a sync. A job is one task, so that one of its type runs at a time.
 */
import type { Config } from '../config.ts';
import { ApiError } from '../errors.ts';
import { type SubmitDeps, type SubmitRequest, type Submitted, submitTask } from '../queue/submit.ts';
import type { TaskParams } from '../queue/task.ts';

export const SYNC_JOB_IDS = [
  'sync_daily_history',
  'sync_daily_by_date',
  'sync_history_finance',
  'sync_incremental_finance',
  'sync_concept_data',
  'sync_stock_basic',
] as const;
export type SyncJobId = (typeof SYNC_JOB_IDS)[number];

/** Fetched together with daily, in one run. */
const WITH_DAILY = { also: ['adj_factor', 'daily_basic'] };

type RequestOf = (config: Pick<Config, 'SYNC_FINANCE_HISTORY_START_DATE'>) => SubmitRequest;

const REQUESTS: Record<SyncJobId, RequestOf> = {
  sync_daily_history: () => ({ dataset: 'daily', mode: 'history', params: WITH_DAILY }),
  sync_daily_by_date: () => ({ dataset: 'daily', mode: 'incremental', params: WITH_DAILY }),
  sync_history_finance: (config) => ({
    dataset: 'finance',
    mode: 'history',
    params: { start_date: config.SYNC_FINANCE_HISTORY_START_DATE },
  }),
  sync_incremental_finance: () => ({ dataset: 'finance', mode: 'incremental' }),
  sync_concept_data: () => ({ dataset: 'concept_boards', mode: 'incremental' }),
  sync_stock_basic: () => ({ dataset: 'stock_basic', mode: 'full' }),
};

/** The task that a job submits. Kwargs are parameters of the task, and go before the job's own. */
export function jobRequest(
  config: Pick<Config, 'SYNC_FINANCE_HISTORY_START_DATE'>,
  job_id: SyncJobId,
  kwargs: TaskParams = {},
): SubmitRequest {
  const request = REQUESTS[job_id](config);
  return { ...request, params: { ...request.params, ...kwargs } };
}

/**
 * Submits a job.
 * @param task_id given by a scheduler that repeats a submission until it knows that it arrived
 * @throws ApiError NOT_FOUND for an unknown job, naming those there are; or as submitTask
 */
export function submitJob(
  deps: SubmitDeps,
  job_id: string,
  kwargs: TaskParams = {},
  task_id?: string,
): Promise<Submitted> {
  if (!isJobId(job_id))
    throw new ApiError(
      'NOT_FOUND',
      `There is no job ${job_id.slice(0, 60)}; there are ${SYNC_JOB_IDS.join(', ')}`,
    );
  return submitTask(deps, {
    ...jobRequest(deps.config, job_id, kwargs),
    ...(task_id !== undefined && { task_id }),
  });
}

const isJobId = (job_id: string): job_id is SyncJobId => (SYNC_JOB_IDS as readonly string[]).includes(job_id);
