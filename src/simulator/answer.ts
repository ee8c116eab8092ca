import { type Api, findApi } from './apis.ts';
import type { Selection, Source } from './source.ts';
import { missingParameter, type Refusal, refusal } from './tushare-errors.ts';

/** A call as the client sent it. */
export interface Call {
  readonly api_name: string;
  readonly token: string;
  /** Without the parameters that were empty: TuShare ignores those. */
  readonly params: Readonly<Record<string, string>>;
  /** Names asked for; empty for the default columns. */
  readonly fields: readonly string[];
}

/** Rows as they go over the wire: each the JSON text of an array over `fields`. */
export interface Answer {
  readonly fields: readonly string[];
  readonly rows: readonly string[];
  readonly hasMore: boolean;
}

/** TuShare's own bound: a larger offset is refused. */
const LARGEST_OFFSET = 100_000;
const EXCHANGES: Readonly<Record<string, string>> = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' };
/** Parameters that are handled apart from the comparison with a column of the same name. */
const SELECTING = new Set(['ts_code', 'trade_date', 'cal_date', 'start_date', 'end_date', 'limit', 'offset']);

/** Answers a call as TuShare does: with rows, or with one of its refusals. */
export async function answerCall(source: Source, call: Call): Promise<Answer | Refusal> {
  const api = findApi(call.api_name);
  if (!api || !source.apis.includes(api.name)) return refusal('unknown_api', call.api_name);
  const missing = api.required.filter((name) => !call.params[name]);
  if (missing.length > 0) return missingParameter(missing.join(','));
  const offset = wholeNumber(call.params.offset, 0);
  if (offset > LARGEST_OFFSET) return refusal('query_failed', api.name);
  const limit = Math.min(wholeNumber(call.params.limit, api.rowCap) || api.rowCap, api.rowCap);

  const params = { ...api.assumed, ...call.params };
  const filters = filtersOf(api, params);
  const end = offset + limit;
  // One row more than the page tells whether there is more.
  const found = await source.rows(api, selectionOf(api, params), filters.length > 0 ? Infinity : end + 1);
  const matching = filters.length > 0 ? found.filter((row) => passes(row, filters)) : found;
  return pick(api, call.fields, matching.slice(offset, end), matching.length > end);
}

function wholeNumber(text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value >= 0 ? value : fallback;
}

function selectionOf(api: Api, params: Readonly<Record<string, string>>): Selection {
  const codes = params.ts_code ? [...new Set(params.ts_code.split(',').map((code) => code.trim()))] : null;
  // end_date is the end of a range; one period is asked for by `period`
  const day = api.dateColumn ? params[api.dateColumn === 'end_date' ? 'period' : api.dateColumn] : undefined;
  return { codes, from: day ?? params.start_date ?? '', to: day ?? params.end_date ?? '99999999', params };
}

/** Tells whether a row, parsed, has one of the wanted values. */
type Filter = (cells: readonly unknown[]) => boolean;

/** Parameters named like a column (list_status, is_open, suspend_type, …) select by it; others are ignored. */
function filtersOf(api: Api, params: Readonly<Record<string, string>>): Filter[] {
  const filters: Filter[] = [];
  for (const [name, value] of Object.entries(params)) {
    const column = api.columns.findIndex((candidate) => candidate.name === name);
    if (column === -1 || SELECTING.has(name)) continue;
    const wanted = new Set(value.split(','));
    // The recorded stock lists lack the exchange; the code's suffix says it.
    if (api.name === 'stock_basic' && name === 'exchange') {
      filters.push((cells) => wanted.has(EXCHANGES[String(cells[0]).slice(-2)] ?? ''));
    } else {
      filters.push((cells) => wanted.has(String(cells[column])));
    }
  }
  return filters;
}

function passes(row: string, filters: readonly Filter[]): boolean {
  const cells = JSON.parse(row);
  return filters.every((filter) => filter(cells));
}

/** Keeps the columns asked for, in the server's order; names TuShare doesn't know are dropped without a word. */
function pick(api: Api, asked: readonly string[], rows: readonly string[], hasMore: boolean): Answer {
  const kept = api.columns.flatMap((column, index) =>
    (asked.length > 0 ? asked.includes(column.name) : column.shown) ? [index] : [],
  );
  const fields = kept.map((index) => api.columns[index]?.name ?? '');
  if (kept.length === api.columns.length) return { fields, rows, hasMore };
  return { fields, rows: rows.map((row) => pickCells(row, kept)), hasMore };
}

function pickCells(row: string, kept: readonly number[]): string {
  const cells = JSON.parse(row);
  return JSON.stringify(kept.map((index) => cells[index]));
}
