/** Writes entries of the coverage ledger. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { type CoverageState, SHORT_ANSWERS, SHORT_ANSWERS_APART_MINUTES } from './coverage.ts';

/** What a partition has. */
export interface Entry {
  partition: string;
  expected: number | null;
  rows: number;
  state: CoverageState;
}

/**
 * Enters partitions. Rows are never deleted by a shorter answer, so neither is what the ledger knows of them; but for
 * snapshots and partitions that are replaced, where the last answer is the truth.
 */
export async function writeEntries(
  client: ClientBase,
  dataset: TableDataset,
  sync_task_id: string,
  entries: readonly Entry[],
): Promise<void> {
  const sorted = entries.toSorted((a, b) => (a.partition < b.partition ? -1 : 1));
  await client.query(MERGE, [
    dataset.name,
    sync_task_id,
    sorted.map((entry) => entry.partition),
    sorted.map((entry) => entry.expected),
    sorted.map((entry) => entry.rows),
    sorted.map((entry) => entry.state),
    SHORT_ANSWERS,
    SHORT_ANSWERS_APART_MINUTES,
    Boolean(dataset.snapshot || dataset.replaces_partition),
  ]);
}

/** A short answer counts when it says the same as the last one, and came long enough after it. */
const MERGE = `
  WITH entry AS (
    SELECT partition, expected, given.state,
      CASE WHEN $9 THEN rows ELSE greatest(rows, coverage.fetched_rows) END AS rows,
      NOT $9 AND coverage.fetched_rows > rows AS shrunk,
      CASE
        WHEN given.state = 'complete' THEN 0
        WHEN coverage.state IS NULL OR coverage.state = 'failed' OR rows > coverage.fetched_rows THEN 1
        WHEN coverage.fetched_at > now() - make_interval(mins => $8) THEN greatest(coverage.short_answers, 1)
        ELSE coverage.short_answers + 1
      END AS short_answers,
      coverage.state AS known_state
    FROM unnest($3::text[], $4::int[], $5::int[], $6::text[]) AS given (partition, expected, rows, state)
    LEFT JOIN (SELECT * FROM coverage WHERE dataset = $1 AND partition = ANY($3)) AS coverage USING (partition)
  )
  INSERT INTO coverage (dataset, partition, expected_rows, fetched_rows, state, short_answers, fetched_at, sync_task_id)
  SELECT $1, partition, expected, rows,
    CASE
      WHEN shrunk AND known_state NOT IN ('missing', 'failed') THEN known_state
      WHEN state = 'missing' AND short_answers >= $7 THEN 'empty_confirmed'
      ELSE state
    END,
    short_answers, now(), $2
  FROM entry
  ON CONFLICT (dataset, partition) DO UPDATE SET expected_rows = EXCLUDED.expected_rows,
    fetched_rows = EXCLUDED.fetched_rows, state = EXCLUDED.state, short_answers = EXCLUDED.short_answers,
    fetched_at = EXCLUDED.fetched_at, sync_task_id = EXCLUDED.sync_task_id`;
