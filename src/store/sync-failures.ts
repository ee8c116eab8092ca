/** Failure records (R95–R100): what could not be fetched although the rest of its run was. */
import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';

type Client = Pick<ClientBase, 'query'>;

/** One partition of a dataset that is still to be fetched. */
export interface FailedPartition {
  dataset: string;
  partition: string;
  /** How its unit asked for it: see Unit. */
  way?: number | 'symbol';
  params?: Record<string, string>;
}

/** A new failure, or another one of the same job type and code. */
export interface Failure {
  /** As in sync_tasks (syncJobType). */
  job_type: string;
  /** At most 20 characters. */
  third_code: string;
  error_type: string;
  error_message: string;
  max_retries: number;
  units: FailedPartition[];
}

export interface FailureRecord extends Failure {
  id: string;
  retry_count: number;
}

const MAX_MESSAGE = 500;

/**
 * Records a failure: a new record with retry_count 0 (D20); where one of these job types is unresolved that waits for
 * the same, that one with its count raised. One that was given up starts anew when something else of its code fails:
 * another report period has retries of its own.
 * @param retried_by job types whose records the run retries beside its own
 */
export async function recordFailure(
  client: Client,
  failure: Failure,
  ...retried_by: string[]
): Promise<void> {
  const { job_type, third_code, error_type, max_retries } = failure;
  const message = failure.error_message.replaceAll('\0', '').slice(0, MAX_MESSAGE);
  const units = JSON.stringify(failure.units);
  const again = await client.query(
    `UPDATE sync_failure_records SET retry_count = retry_count + 1, last_attempt_at = now(), error_type = $3,
       error_message = $4, max_retries = $5
     WHERE job_type = ANY($1) AND third_code = $2 AND resolved_at IS NULL AND units @> $6`,
    [[job_type, ...retried_by], third_code, error_type, message, max_retries, units],
  );
  if (again.rowCount) return;
  await client.query(
    `INSERT INTO sync_failure_records AS stored
       (id, job_type, third_code, error_type, error_message, max_retries, units)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (job_type, third_code) WHERE resolved_at IS NULL DO UPDATE SET
       retry_count = CASE WHEN stored.retry_count >= stored.max_retries THEN 0 ELSE stored.retry_count + 1 END,
       last_attempt_at = now(), error_type = EXCLUDED.error_type,
       error_message = EXCLUDED.error_message, max_retries = EXCLUDED.max_retries,
       units = (SELECT jsonb_agg(DISTINCT unit) FROM jsonb_array_elements(stored.units || EXCLUDED.units) unit)`,
    [randomUUID(), job_type, third_code, error_type, message, max_retries, units],
  );
}

/** Those of these job types that may be retried: unresolved, fewer retries than allowed; the longest waiting first. */
export async function unresolvedFailures(client: Client, ...job_types: string[]): Promise<FailureRecord[]> {
  const { rows } = await client.query<FailureRecord>(
    `SELECT id, job_type, third_code, error_type, error_message, retry_count, max_retries, units
     FROM sync_failure_records WHERE job_type = ANY($1) AND resolved_at IS NULL AND retry_count < max_retries
     ORDER BY last_attempt_at, third_code`,
    [job_types],
  );
  return rows;
}

/** Partitions that have failed as often as they may: left for a person. */
export async function givenUp(client: Client, datasets: readonly string[]): Promise<FailedPartition[]> {
  const { rows } = await client.query<FailedPartition>(
    `SELECT unit->>'dataset' AS dataset, unit->>'partition' AS partition
     FROM sync_failure_records, jsonb_array_elements(units) unit
     WHERE resolved_at IS NULL AND retry_count >= max_retries AND unit->>'dataset' = ANY($1)`,
    [datasets],
  );
  return rows;
}

/** Why partitions of one time could not be fetched; only what is not resolved. */
export async function failuresOf(
  client: Client,
  dataset: string,
  time: string,
): Promise<
  (Pick<FailureRecord, 'error_type' | 'error_message' | 'retry_count' | 'max_retries'> & {
    partition: string;
    last_attempt_at: Date;
  })[]
> {
  const { rows } = await client.query(
    `SELECT unit->>'partition' AS partition, error_type, error_message, retry_count, max_retries, last_attempt_at
     FROM sync_failure_records, jsonb_array_elements(units) unit
     WHERE resolved_at IS NULL AND unit->>'dataset' = $1
       AND (unit->>'partition' = $2 OR unit->>'partition' LIKE '%/' || $2)
     ORDER BY last_attempt_at DESC LIMIT 20`,
    [dataset, time],
  );
  return rows;
}

/** Partitions of a dataset were fetched: records that wait for nothing else are resolved, whichever job made them. */
export async function resolveFailures(
  client: Client,
  dataset: string,
  partitions: readonly string[],
): Promise<void> {
  await client.query(
    `UPDATE sync_failure_records SET units = left_over.units,
       resolved_at = CASE WHEN left_over.units = '[]' THEN now() END, last_attempt_at = now()
     FROM (
       SELECT id, coalesce(jsonb_agg(unit) FILTER (WHERE NOT fetched), '[]') AS units
       FROM (
         SELECT id, unit, unit->>'dataset' = $1 AND unit->>'partition' = ANY($2) AS fetched
         FROM sync_failure_records, jsonb_array_elements(units) unit WHERE resolved_at IS NULL
       ) AS waiting GROUP BY id HAVING bool_or(fetched)
     ) AS left_over WHERE sync_failure_records.id = left_over.id`,
    [dataset, partitions],
  );
}
