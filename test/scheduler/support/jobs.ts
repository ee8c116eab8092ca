/** Jobs for tests: what the fixture datasets do, under ids of their own. */
import type { Config } from '../../../src/config.ts';
import { loadCatalogue } from '../../../src/datasets/own-datasets.ts';
import { ApiError } from '../../../src/errors.ts';
import type { QueueAccess } from '../../../src/queue/access.ts';
import { submitTask } from '../../../src/queue/submit.ts';
import type { JobRegistry, ScheduledJob } from '../../../src/scheduler/registry.ts';

/** Dataset of each job; all run in mode full, without a retry. */
const DATASETS: Record<string, string> = { ticks: 'noop', other: 'noop', failing: 'fails', waiting: 'waits' };
export const GRACE_MINUTES = 60;

export function testJobs(access: QueueAccess): JobRegistry {
  const catalogue = loadCatalogue(access.config as Config);
  const job = (job_id: string, submit: ScheduledJob['submit']): [string, ScheduledJob] => [
    job_id,
    {
      job_id,
      job_name: job_id,
      grace_minutes: GRACE_MINUTES,
      skips_closed_days: job_id === 'other',
      check: async () => {},
      submit,
    },
  ];
  return new Map([
    ...Object.entries(DATASETS).map(([job_id, dataset]) =>
      job(job_id, async (params, task_id) =>
        submitTask(
          { ...access, catalogue: await catalogue },
          { dataset, mode: 'full', params, max_attempts: 1, ...(task_id !== undefined && { task_id }) },
        ),
      ),
    ),
    job('refused', async () => {
      throw new ApiError('TUSHARE_TOKEN_MISSING', 'no token is configured');
    }),
  ]);
}
