/** Fetches one unit: its answers as checked rows for COPY, and how many each partition has. */
import type { TableDataset } from '../datasets/dataset.ts';
import { askUnit, type Fetching } from './ask-unit.ts';
import type { RunUnit } from './job.ts';
import { addAnswer, emptyRows } from './rows.ts';

export interface FetchedUnit {
  /** Position in the plan. */
  index: number;
  unit: RunUnit;
  columns: string[];
  /** Rows as COPY takes them, in its binary form. */
  copy: Buffer;
  rows: number;
  /** Rows by partition, in the order of unit.partitions. */
  fetched: number[];
  /** Partitions that lack rows for sure, although some came. */
  short: string[];
  /** Rows that came more than once, exactly alike, and are stored once. */
  repeated: number;
}

/**
 * Fetches a unit with one call, or with as many as it takes (ask-unit.ts).
 * @throws TaskError (see rows.ts and the call's own), WindowClosed.
 */
export async function fetchUnit(
  fetching: Fetching,
  dataset: TableDataset,
  unit: RunUnit,
  index: number,
): Promise<FetchedUnit> {
  const rows = emptyRows(dataset, unit);
  let repeated = 0;
  const short: string[] = [];
  await askUnit(fetching, dataset, unit, {
    add(answer, params) {
      const alike = addAnswer(dataset, rows, answer, params);
      // pages overlap for reasons of their own, and are read again for that
      if (params.offset === undefined) repeated += alike;
    },
    short: (partition) => short.push(partition),
    get size() {
      return rows.starts.size;
    },
  });
  return {
    index,
    unit,
    columns: rows.columns,
    copy: rows.copy.bytes,
    rows: rows.starts.size,
    fetched: unit.partitions.map((partition) => rows.counts.get(partition) ?? 0),
    short,
    repeated,
  };
}
