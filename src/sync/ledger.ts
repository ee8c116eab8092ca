/** Writes the coverage ledger: what is known to be stored of each partition. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { storeGroups } from './block-groups.ts';
import { coverageState } from './coverage.ts';
import type { FetchedUnit } from './fetch-unit.ts';
import { writeEntries } from './ledger-entries.ts';

/** Enters what the units of a batch brought; days that are fetched by groups of codes when all of these are in. */
export async function writeCoverage(
  client: ClientBase,
  dataset: TableDataset,
  sync_task_id: string,
  batch: readonly FetchedUnit[],
): Promise<void> {
  const units = batch.filter(({ unit }) => !unit.group);
  const entries = units.flatMap(({ unit, fetched }) =>
    unit.partitions.map((partition, at) => {
      const expected = unit.expected[at] ?? null;
      const rows = fetched[at] ?? 0;
      return { partition, expected, rows, state: coverageState(dataset, rows, expected) };
    }),
  );
  if (entries.length > 0) await writeEntries(client, dataset, sync_task_id, entries);
  const groups = batch.filter(({ unit }) => unit.group);
  if (groups.length > 0) await storeGroups(client, dataset, sync_task_id, groups);
}

/** What became of the partitions of one dataset in a run. */
export interface Verdict {
  dataset: string;
  partitions: number;
  /** Those that were answered without a row, though some were expected. */
  missing: string[];
  empty_confirmed: number;
  partial: number;
  failed: number;
}

/** Sums up what the ledger knows of a run's partitions, by dataset. */
export async function verdictsOf(
  client: Pick<ClientBase, 'query'>,
  sync_task_id: string,
): Promise<Verdict[]> {
  const { rows } = await client.query<Verdict>(
    `SELECT dataset, count(*)::int AS partitions,
       coalesce(array_agg(partition) FILTER (WHERE state = 'missing'), '{}') AS missing,
       ${['empty_confirmed', 'partial', 'failed']
         .map((state) => `count(*) FILTER (WHERE state = '${state}')::int AS ${state}`)
         .join(', ')}
     FROM coverage WHERE sync_task_id = $1 GROUP BY dataset`,
    [sync_task_id],
  );
  return rows;
}
