/** Stands in for TuShare in the bench of the planner: answers as many rows as there are, and no more than the cap. */
import type { TableDataset } from '../../src/datasets/dataset.ts';
import type { TushareAnswer } from '../../src/sync/context.ts';
import type { Params, RowSource } from './answers.ts';

export class Counter {
  calls = 0;
  cutOff = 0;
  readonly #dataset: TableDataset;
  readonly #source: RowSource;
  readonly #rows: unknown[][] = [];

  constructor(dataset: TableDataset, source: RowSource) {
    this.#dataset = dataset;
    this.#source = source;
  }

  readonly call = async (_api: string, params: object, fields: readonly string[]): Promise<TushareAnswer> => {
    this.calls++;
    const { limit, offset = '0', ...asked } = params as Params;
    const left = Math.max(0, this.#source.rows(asked) - Number(offset));
    const count = Math.min(left, Number(limit ?? Number.POSITIVE_INFINITY), this.#dataset.row_cap);
    const has_more = left > count;
    if (has_more) this.cutOff++;
    const items = this.#items(count, Number(offset), has_more || limit !== undefined, asked, fields);
    return { fields: [...fields], items, has_more };
  };

  /** The rows of an answer, as far as the splitter looks: at codes and days, and at the keys of pages. */
  #items(
    count: number,
    offset: number,
    paged: boolean,
    params: Params,
    fields: readonly string[],
  ): unknown[][] {
    const { byCode, byDay } = this.#source;
    const { fetch } = this.#dataset;
    const codes = params.ts_code ? byCode?.(params) : undefined;
    if (codes && codes.length > 1 && 'date_field' in fetch && codes.some(({ days }) => days))
      return barsOf(codes, fields.indexOf('ts_code'), fields.indexOf(fetch.date_field)).slice(0, count);
    if (codes && codes.length > 1)
      return repeated(
        codes.map(({ code, rows }) => ({ value: code, rows })),
        fields.indexOf('ts_code'),
        count,
      );
    if (!paged) return new Array(count);
    const days = params.start_date ? byDay?.(params) : undefined;
    if (days && days.length > 1 && 'date_field' in fetch)
      return repeated(
        days.map(({ date, rows }) => ({ value: date, rows })),
        fields.indexOf(fetch.date_field),
        count,
      );
    return this.#numbered(offset + count, fields.length).slice(offset, offset + count);
  }

  /** Rows that differ from each other, made once. */
  #numbered(count: number, columns: number): unknown[][] {
    for (let n = this.#rows.length; n < count; n++) this.#rows.push(new Array(columns).fill(n));
    return this.#rows;
  }
}

/** A row for each code and day. */
function barsOf(
  codes: readonly { code: string; days?: () => string[] }[],
  codeAt: number,
  dayAt: number,
): unknown[][] {
  return codes.flatMap(({ code, days }) =>
    (days?.() ?? []).map((day) => {
      const row: unknown[] = [];
      row[codeAt] = code;
      row[dayAt] = day;
      return row;
    }),
  );
}

/** So many rows that hold each value in one column, the first `count` of them. */
function repeated(values: { value: string; rows: number }[], column: number, count: number): unknown[][] {
  const items: unknown[][] = [];
  for (const { value, rows } of values) {
    const row: unknown[] = [];
    row[column] = value;
    for (let n = 0; n < rows && items.length < count; n++) items.push(row);
  }
  return items;
}
