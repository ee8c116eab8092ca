/** The six jobs as the scheduler and the API take them (R117): what they are called, and that they submit. */
import type { Catalogue } from '../datasets/catalogue.ts';
import { ApiError } from '../errors.ts';
import { newTask, type SubmitDeps } from '../queue/submit.ts';
import type { JobRegistry, ScheduledJob } from '../scheduler/registry.ts';
import { jobRequest, SYNC_JOB_IDS, type SyncJobId, submitJob } from './jobs.ts';

const NAMES: Record<SyncJobId, string> = {
  sync_daily_history: '日线历史同步',
  sync_daily_by_date: '日线增量同步',
  sync_history_finance: '财务历史同步',
  sync_incremental_finance: '财务增量同步',
  sync_concept_data: '概念数据同步',
  sync_stock_basic: '股票基础信息同步',
};

/** A day's job is worth doing late on the same night or the next morning; later its next moment is near. */
const GRACE_MINUTES = 12 * 60;

/** @param catalogue asked for at the first submission: a supervisor that never leads does without it */
export function syncJobRegistry(
  deps: Omit<SubmitDeps, 'catalogue'>,
  catalogue: () => Promise<Catalogue>,
): JobRegistry {
  let loaded: Promise<Catalogue> | undefined;
  const withCatalogue = async (): Promise<SubmitDeps> => {
    loaded ??= catalogue();
    return { ...deps, catalogue: await loaded };
  };
  const job = (job_id: SyncJobId): ScheduledJob => ({
    job_id,
    job_name: NAMES[job_id],
    grace_minutes: GRACE_MINUTES,
    skips_closed_days: job_id === 'sync_daily_by_date',
    async check(kwargs) {
      try {
        newTask(await withCatalogue(), jobRequest(deps.config, job_id, kwargs));
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 'TUSHARE_TOKEN_MISSING')) throw error;
      }
    },
    async submit(kwargs, task_id) {
      return submitJob(await withCatalogue(), job_id, kwargs, task_id);
    },
  });
  return new Map(SYNC_JOB_IDS.map((job_id) => [job_id, job(job_id)]));
}
