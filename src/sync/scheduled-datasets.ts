/** Which datasets the schedules bring up to date, and when each is next asked for. */
import type { Config } from '../config.ts';
import type { Catalogue } from '../datasets/catalogue.ts';
import type { JobConfig } from '../scheduler/job-configs.ts';
import { momentsOf, TimingFault } from '../scheduler/timing.ts';
import { jobRequest, SYNC_JOB_IDS, type SyncJobId } from './jobs.ts';

/**
 * The next run, in ms since the epoch, of each dataset that an enabled schedule fills.
 * @param configs enabled schedules; one that can't be followed has no next run
 * @returns null for a dataset without a next run
 */
export function scheduledDatasets(
  config: Pick<Config, 'SYNC_FINANCE_HISTORY_START_DATE'>,
  catalogue: Catalogue,
  configs: readonly JobConfig[],
  now: number,
): Map<string, number | null> {
  const scheduled = new Map<string, number | null>();
  for (const row of configs) {
    const next = nextRun(row, now);
    for (const dataset of filledBy(config, catalogue, row)) {
      const known = scheduled.get(dataset) ?? null;
      scheduled.set(dataset, known === null || (next !== null && next < known) ? next : known);
    }
  }
  return scheduled;
}

function filledBy(
  config: Pick<Config, 'SYNC_FINANCE_HISTORY_START_DATE'>,
  catalogue: Catalogue,
  { job_id, job_kwargs }: JobConfig,
): string[] {
  if (!(SYNC_JOB_IDS as readonly string[]).includes(job_id)) return [];
  const { dataset: name, params = {} } = jobRequest(config, job_id as SyncJobId, job_kwargs ?? {});
  const dataset = catalogue.find(name);
  const also = Array.isArray(params.also) ? params.also.filter((one) => typeof one === 'string') : [];
  if (!dataset) return also;
  return [...(dataset.runner === undefined ? [name] : (dataset.fills ?? [])), ...also];
}

function nextRun(row: JobConfig, now: number): number | null {
  try {
    return momentsOf(row, row.scheduled_at.getTime()).after(now);
  } catch (error) {
    if (error instanceof TimingFault) return null;
    throw error;
  }
}
