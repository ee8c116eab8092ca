/** A ledger as full as it can be: every dataset that goes by time, every day of ten years, with the faults of life. */
import type pg from 'pg';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import { addDays, weekdayOf } from '../../src/datasets/dates.ts';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import { expectedTimes } from '../../src/sync/expected-times.ts';
import { eachCombination, partitionName } from '../../src/sync/partition.ts';

/** Every so many partitions one that is not complete, so that runs of equal states stay short. */
const STATES = ['partial', 'missing', 'failed', 'empty_confirmed'];

/** Fills trade_cal and coverage. @returns entries of the ledger */
export async function fillLedger(client: pg.Client, from: string, to: string): Promise<number> {
  const open: string[] = [];
  for (let date = from; date <= addDays(to, 40); date = addDays(date, 1))
    if (weekdayOf(date) <= 5) open.push(date);
  await client.query(
    `INSERT INTO trade_cal (exchange, cal_date, is_open)
     SELECT 'SSE', day, (extract(isodow FROM day) < 6)::int
     FROM generate_series($1::date, $2::date + 40, interval '1 day') AS day ON CONFLICT DO NOTHING`,
    [from, to],
  );
  const catalogue = await loadCatalogue({ DATASETS_PATH: '' });
  let entries = 0;
  for (const dataset of catalogue.all()) {
    if (dataset.runner === undefined) entries += await fillOne(client, dataset, open, from, to);
  }
  await client.query('VACUUM ANALYZE coverage');
  return entries;
}

async function fillOne(
  client: pg.Client,
  dataset: TableDataset,
  open: string[],
  from: string,
  to: string,
): Promise<number> {
  const expected = expectedTimes(dataset, open, from, to, new Date());
  const times = expected?.times ?? ['all'];
  const names = eachCombination(dataset.fetch).flatMap((each) =>
    times.map((time) => partitionName(each, time)),
  );
  const states = names.map((_, at) => (at % 23 === 7 ? STATES[((at / 23) % STATES.length) | 0] : 'complete'));
  await client.query(
    `INSERT INTO coverage (dataset, partition, expected_rows, fetched_rows, state, fetched_at, sync_task_id)
     SELECT $1, partition, 5400, 5300, state, now(), '00000000-0000-0000-0000-000000000000'
     FROM unnest($2::text[], $3::text[]) AS given (partition, state)`,
    [dataset.name, names, states],
  );
  return names.length;
}
