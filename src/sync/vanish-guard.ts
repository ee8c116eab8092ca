/** Refuses a snapshot in which too much has vanished: an owner once stored an empty stock list over a full one. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { TaskError } from '../errors.ts';
import { quoted } from '../store/sql.ts';
import { sameKey } from './merge.ts';

/**
 * Compares the snapshot in `arrivals` with the table. Nothing is ever deleted, so the table also holds keys that
 * went long ago; as many as the last snapshot was smaller than the table. They don't count as lost again.
 * @throws TaskError data_rejected when the snapshot is empty, or lost more than `maxLoss` of the last one.
 */
export async function refuseVanished(
  client: ClientBase,
  dataset: TableDataset,
  maxLoss: number,
): Promise<void> {
  const { rows } = await client.query<{
    arrived: number;
    stored: number;
    missing: number;
    last: number | null;
  }>(
    `SELECT (SELECT count(*) FROM arrivals) AS arrived,
       (SELECT count(*) FROM public.${quoted(dataset.name)}) AS stored,
       (SELECT count(*) FROM public.${quoted(dataset.name)} AS stored
        WHERE NOT EXISTS (SELECT 1 FROM arrivals WHERE ${sameKey(dataset)})) AS missing,
       (SELECT sum(fetched_rows) FROM coverage WHERE dataset = $1) AS last`,
    [dataset.name],
  );
  const { arrived, stored, missing, last } = rows[0] as (typeof rows)[number];
  if (arrived === 0)
    throw new TaskError(
      'data_rejected',
      `${dataset.name}: TuShare answered no row at all; the ${stored} rows that are stored were left as they are`,
    );
  const lastSize = last ?? stored;
  const lost = missing - (stored - lastSize);
  if (lost > maxLoss * lastSize)
    throw new TaskError(
      'data_rejected',
      `${dataset.name}: ${lost} of the ${lastSize} rows of the last snapshot are missing in this one, more than ` +
        `${maxLoss * 100} %; it was not stored`,
    );
}
