/** What became of a run: told in words, and refused where nothing came although something should have. */
import { TaskError } from '../errors.ts';
import type { ClaimedTask } from '../queue/task.ts';
import type { RunUnit, SyncJob } from './job.ts';
import type { Verdict } from './ledger.ts';
import { wayOf } from './unit.ts';

/** A day that is not published yet is asked for again after this. */
const ASK_AGAIN_MS = 30 * 60_000;

/**
 * A dataset of which every partition should have had rows, and none had, is no success. Nor is an incremental run
 * whose newest trading day came without a row: it is asked for again in a while, since TuShare may be late.
 * @throws TaskError not_published, no_data
 */
export function refuseSilence(
  task: ClaimedTask,
  job: SyncJob,
  units: readonly RunUnit[],
  verdicts: readonly Verdict[],
): void {
  const late = task.mode === 'incremental';
  const silent = verdicts.flatMap(({ dataset, partitions, missing, empty_confirmed }) => {
    if (missing.length === 0) return [];
    if (missing.length + empty_confirmed >= partitions)
      return [`all ${partitions} partitions of ${dataset} that should have some`];
    const newest = late ? newestDay(job, units, dataset) : undefined;
    return newest !== undefined && missing.includes(newest) ? [`${dataset} of ${newest}`] : [];
  });
  if (silent.length === 0) return;
  const what = `${task.job_type}: TuShare answered without a row for ${silent.join(' and for ')}`;
  if (late)
    throw new TaskError('not_published', `${what}; most likely not published yet`, {
      retryAfterMs: ASK_AGAIN_MS,
    });
  throw new TaskError('no_data', `${what}; see the permissions of the token, or backfill them later`);
}

/** The last trading day of a plan. Days of the calendar may have no rows, so they don't count. */
function newestDay(job: SyncJob, units: readonly RunUnit[], name: string): string | undefined {
  const dataset = job.datasets.get(name);
  const last = units.findLast((unit) => unit.dataset === name);
  if (!dataset || !last || wayOf(dataset, last).by !== 'trade_date') return undefined;
  return last.partitions.at(-1);
}

/** What a run that is through should not keep to itself; null: all is well. */
export function inWords(
  verdicts: readonly Verdict[],
  revised: number,
  code_changes: number,
  warnings: readonly string[],
): string | null {
  const sum = (count: (verdict: Verdict) => number) =>
    verdicts.reduce((total, verdict) => total + count(verdict), 0);
  const failed = sum((verdict) => verdict.failed);
  const missing = sum((verdict) => verdict.missing.length);
  const confirmed = sum((verdict) => verdict.empty_confirmed);
  const partial = sum((verdict) => verdict.partial);
  const found = [
    failed && `${failed} failed (sync_failure_records)`,
    missing && `${missing} answered without a row and are asked for again later`,
    confirmed && `${confirmed} stay empty after several answers`,
    partial && `${partial} have fewer rows than expected`,
  ].filter(Boolean);
  const words = [
    ...warnings,
    found.length > 0 && `Of ${sum((verdict) => verdict.partitions)} partitions ${found.join(', ')}.`,
    revised > 0 && `${revised} rows were restated (row_revisions).`,
    code_changes > 0 && `${code_changes} codes were replaced by others (code_changes).`,
  ].filter(Boolean);
  return words.join(' ') || null;
}
