/** Packs partitions into units whose rows stay under the cap of one answer. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import type { Unit } from './unit.ts';
import { usualRows } from './usual-rows.ts';

/**
 * Adds a partition to the last unit or begins a new one. An answer of exactly row_cap rows counts as cut off, so a
 * unit stays below it. Where the rows are not known (null) the usual number counts; a guess that is too low costs
 * one split.
 */
export function pack(
  units: Unit[],
  dataset: TableDataset,
  partition: string,
  expected: number | null,
  follows: boolean,
  from: Pick<Unit, 'way'> = {},
): void {
  const rows = expected ?? usualRows(dataset, partition) ?? dataset.row_cap;
  const unit = units.at(-1);
  const sum = (unit && packed.get(unit)) ?? 0;
  if (unit && follows && sum + rows < dataset.row_cap) {
    unit.partitions.push(partition);
    unit.expected.push(expected);
    packed.set(unit, sum + rows);
    return;
  }
  const next: Unit = { partitions: [partition], expected: [expected], ...from };
  units.push(next);
  packed.set(next, rows);
}

/** Rows that units are packed with so far. */
const packed = new WeakMap<Unit, number>();
