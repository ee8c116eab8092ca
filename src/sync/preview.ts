/** What a plan would cost, before anything runs. Pure. */
import type { FieldType, TableDataset } from '../datasets/dataset.ts';
import type { TableSize } from '../store/stored-data.ts';
import { dateOf } from './coverage-view.ts';
import type { RunUnit } from './job.ts';
import { usualRows } from './usual-rows.ts';

export interface PlanCost {
  partitions: number;
  /** First and last day, month or year; null where partitions are none. */
  first: string | null;
  last: string | null;
  /** By API. */
  calls: Map<string, number>;
  /** Estimates; null where nothing says how many rows there are. */
  rows: number | null;
  bytes: number | null;
}

/**
 * @param sizes of the tables there are: where rows are stored already, theirs tell how large one is
 */
export function costOf(
  units: readonly RunUnit[],
  datasets: ReadonlyMap<string, TableDataset>,
  sizes: ReadonlyMap<string, TableSize>,
): PlanCost {
  const dates = units.flatMap((unit) => unit.partitions.flatMap((partition) => dateOf(partition) ?? []));
  const cost: PlanCost = {
    partitions: units.reduce((sum, unit) => sum + unit.partitions.length, 0),
    first: dates.reduce<string | null>(
      (first, date) => (first === null || date < first ? date : first),
      null,
    ),
    last: dates.reduce<string | null>((last, date) => (last === null || date > last ? date : last), null),
    calls: new Map(),
    rows: 0,
    bytes: 0,
  };
  for (const unit of units) {
    const dataset = datasets.get(unit.dataset) as TableDataset;
    const rows = rowsOf(unit, dataset);
    const calls = unit.block?.calls ?? Math.floor((rows ?? 0) / dataset.row_cap) + 1;
    cost.calls.set(dataset.api_name, (cost.calls.get(dataset.api_name) ?? 0) + calls);
    if (rows === null || cost.rows === null || cost.bytes === null) {
      cost.rows = null;
      cost.bytes = null;
    } else {
      cost.rows += rows;
      cost.bytes += Math.round(rows * bytesOfRow(dataset, sizes.get(dataset.name)));
    }
  }
  return cost;
}

/** Rows that a unit should bring: as expected, else as many as its partitions usually have. */
function rowsOf({ partitions, expected }: RunUnit, dataset: TableDataset): number | null {
  return partitions.reduce<number | null>((sum, partition, at) => {
    const known = expected[at] ?? usualRows(dataset, partition);
    return sum === null || known === null ? null : sum + known;
  }, 0);
}

/** Fewer rows say little about the size of one. */
const ENOUGH_ROWS = 1000;
/** Of a row in Postgres: its header and its place in the page; an entry of an index: the same. */
const ROW_OVERHEAD = 28;
const INDEX_OVERHEAD = 16;
/** Texts are mostly codes and short names. */
const BYTES: Record<FieldType, number> = { text: 12, double: 8, integer: 8, date: 4, timestamp: 8 };

/** Bytes that a row takes in Postgres with its share of the indexes: measured where rows are stored, else estimated. */
export function bytesOfRow(dataset: TableDataset, size: TableSize | undefined): number {
  if (size?.rows && size.rows >= ENOUGH_ROWS) return size.bytes / size.rows;
  const sizes = new Map(dataset.fields.map(({ name, type }) => [name, BYTES[type]]));
  const sum = (names: Iterable<string>) =>
    [...names].reduce((bytes, name) => bytes + (sizes.get(name) ?? 0), 0);
  const indexes = [dataset.key, ...(dataset.indexes ?? [])].map((names) => INDEX_OVERHEAD + sum(names));
  return ROW_OVERHEAD + sum(sizes.keys()) + indexes.reduce((bytes, index) => bytes + index, 0);
}
