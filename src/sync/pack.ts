/** Packs partitions into units whose rows stay under the cap of one answer. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import type { Unit } from './unit.ts';

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
  const usual = dataset.expected?.about ?? dataset.row_cap;
  const unit = units.at(-1);
  const rows = (unit?.expected ?? []).reduce<number>(
    (sum, count) => sum + (count ?? usual),
    expected ?? usual,
  );
  if (unit && follows && rows < dataset.row_cap) {
    unit.partitions.push(partition);
    unit.expected.push(expected);
  } else units.push({ partitions: [partition], expected: [expected], ...from });
}
