/** Which errors concern one unit only, and what is written about a unit that failed for good. */
import type { ClientBase } from 'pg';
import { TaskError, type TaskErrorType } from '../errors.ts';
import type { ClaimedTask } from '../queue/task.ts';
import { type Failure, recordFailure } from '../store/sync-failures.ts';
import type { RunUnit } from './job.ts';
import { codeOf } from './partition.ts';
import { retriedTypes } from './sync-task.ts';

/**
 * Errors of one call that say nothing about the next one. All others (network, limits, token, permission, database)
 * would meet every unit: they end the run (D7).
 */
const OF_ONE_UNIT: readonly TaskErrorType[] = [
  'tushare_bad_request',
  'tushare_bad_answer',
  'tushare_server_error',
  'data_rejected',
];

export function concernsOneUnit(error: unknown): error is TaskError {
  return error instanceof TaskError && OF_ONE_UNIT.includes(error.type);
}

/** A unit that failed, with its last error. */
export interface FailedUnit {
  index: number;
  unit: RunUnit;
  error: TaskError;
}

const LONGEST_CODE = 20;

/** Writes the failure records of a run, one per code, and marks the partitions of which nothing is stored. */
export async function writeFailures(
  client: ClientBase,
  task: ClaimedTask,
  sync_task_id: string,
  failed: readonly FailedUnit[],
  max_retries: number,
): Promise<void> {
  const [job_type, ...others] = retriedTypes(task.job_type);
  for (const failure of byCode(job_type, failed, max_retries))
    await recordFailure(client, failure, ...others);
  for (const { unit } of failed)
    await client.query(
      `INSERT INTO coverage (dataset, partition, fetched_rows, state, fetched_at, sync_task_id)
       SELECT $1, partition, 0, 'failed', now(), $2 FROM unnest($3::text[]) partition
       ON CONFLICT (dataset, partition) DO UPDATE SET state = 'failed', fetched_at = now(), sync_task_id = $2
       WHERE coverage.state IN ('missing', 'failed')`,
      [unit.dataset, sync_task_id, unit.partitions.toSorted()],
    );
}

function byCode(job_type: string, failed: readonly FailedUnit[], max_retries: number): Failure[] {
  const failures = new Map<string, Failure>();
  for (const { unit, error } of failed) {
    const third_code = codeOf(unit.partitions[0] ?? '').slice(0, LONGEST_CODE);
    const units = unit.partitions.map((partition) => ({
      dataset: unit.dataset,
      partition,
      ...(unit.way !== undefined && { way: unit.way }),
      ...(unit.params && { params: unit.params }),
    }));
    const known = failures.get(third_code);
    if (known) known.units.push(...units);
    else
      failures.set(third_code, {
        job_type,
        third_code,
        error_type: error.type,
        error_message: error.message,
        max_retries,
        units,
      });
  }
  return [...failures.values()];
}
