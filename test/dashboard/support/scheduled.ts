/** Schedules with a past: runs that went well, one that failed, one that runs, and moments that were missed. */
import { ExecutionLog } from '../../../src/scheduler/execution-log.ts';
import { Firings } from '../../../src/scheduler/firings.ts';
import { JobConfigs } from '../../../src/scheduler/job-configs.ts';
import type { Store } from '../../../src/store/store.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** @param last the last run of the daily job that ended, ms since the epoch */
export async function somethingScheduled(store: Pick<Store, 'pool'>, last: number): Promise<void> {
  const [log, firings, configs] = [new ExecutionLog(store), new Firings(store), new JobConfigs(store)];
  for (let ago = 22; ago >= 0; ago -= 1) {
    const started_at = last - ago * DAY_MS;
    const failed = ago === 7 || ago === 8;
    await log.update({
      job_id: 'sync_daily_by_date',
      task_id: `daily-${ago}`,
      started_at,
      finished_at: started_at + (40 + ((ago * 37) % 90)) * 1000,
      status: failed ? 'FAILED' : 'SUCCESS',
      error_message: failed ? 'tushare_unavailable: no answer within 30 s' : null,
      report: failed ? null : { rows: 16_000 + ago, calls: 3 },
    });
  }
  const failing = { job_id: 'sync_concept_data', task_id: 'concept-1', started_at: last };
  await log.update({
    ...failing,
    finished_at: last + 5_000,
    status: 'FAILED',
    error_message: 'data_rejected: 20260302: 12 rows without a name',
    report: null,
  });
  await log.create({ job_id: 'sync_stock_basic', task_id: 'stock-1', started_at: last + HOUR_MS });
  const config = await configs.getByJobId('sync_incremental_finance');
  const missed = Array.from({ length: 12 }, (_, n) => last - (n + 2) * DAY_MS);
  const reason = 'no supervisor was there to fire it';
  await firings.decide({
    job_id: 'sync_incremental_finance',
    version: config?.version ?? '',
    fire: [],
    missed,
    reason,
  });
}
