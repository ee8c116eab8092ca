/** SQL that finds the stored rows of partitions. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { quoted } from '../store/sql.ts';
import { partsOf } from './partition.ts';
import { partitionField, type Unit, wayOf } from './plan.ts';

/**
 * A condition on `stored` that holds for the rows of these partitions of one unit.
 * @param firstParameter number of the first parameter it may use
 */
export function rowsOfPartitions(
  dataset: TableDataset,
  unit: Unit,
  partitions: readonly string[],
  firstParameter: number,
): { sql: string; values: unknown[] } {
  const fetch = wayOf(dataset, unit);
  const parts = partitions.map((partition) => partsOf(fetch, partition));
  const conditions: string[] = [];
  const values: unknown[] = [];
  const given = (value: unknown) => `$${firstParameter + values.push(value) - 1}`;
  const has = (name: string) => dataset.fields.some((field) => field.name === name);
  for (const [name, value] of Object.entries(parts[0]?.each ?? {}))
    if (has(name)) conditions.push(`stored.${quoted(name)} = ${given(value)}`);
  const field = partitionField(fetch);
  if (field !== null && has(field)) {
    const column = `stored.${quoted(field)}`;
    const wanted = parts.map(({ value }) => value);
    if (fetch.by === 'year') conditions.push(`to_char(${column}, 'YYYY') = ANY(${given(wanted)}::text[])`);
    else if (dataset.fields.find(({ name }) => name === field)?.type === 'date')
      conditions.push(`${column} = ANY(${given(wanted)}::date[])`);
    else conditions.push(`${column} = ANY(${given(wanted)}::text[])`);
  }
  const window = parts[0]?.window;
  if (window && fetch.by === 'code' && fetch.window)
    conditions.push(
      `stored.${quoted(fetch.window.date_field)} BETWEEN ${given(window.first)}::date AND ${given(window.last)}::date`,
    );
  return { sql: conditions.join(' AND ') || 'true', values };
}
