/**
 * From an answer of TuShare to lines of COPY text: every value is checked against the declared type, columns are
 * found by the answer's own field order, duplicates are dropped. Numbers keep the shortest decimal that reads
 * back as the same double.
 */
import { type Field, type FieldType, requiredFields, type TableDataset } from '../datasets/dataset.ts';
import { isRealDate } from '../datasets/dates.ts';
import { TaskError } from '../errors.ts';
import type { TushareAnswer } from './context.ts';
import { partsOf } from './partition.ts';
import { partitionField, partitionValue, type Unit, wayOf } from './unit.ts';

/** Checked rows of one unit. */
export interface Rows {
  unit: Unit;
  /** Declared fields that the answer had, in declared order: a column that is absent is left as it is. */
  columns: string[];
  /** COPY text lines by natural key. */
  lines: Map<string, string>;
  /** Rows of each partition. */
  counts: Map<string, number>;
}

/** Starts the rows of a unit. */
export function emptyRows(dataset: TableDataset, unit: Unit): Rows {
  return {
    unit,
    columns: dataset.fields.map((field) => field.name),
    lines: new Map(),
    counts: new Map(unit.partitions.map((partition) => [partition, 0])),
  };
}

/**
 * Adds an answer to the rows of its unit. Returns how many of its rows were there already (exactly alike).
 * @param params those of the call, for the fields that are filled from them.
 * @throws TaskError tushare_bad_answer for a missing column, a wrong type, or a row that wasn't asked for;
 * data_rejected for two different rows with one key.
 */
export function addAnswer(
  dataset: TableDataset,
  rows: Rows,
  answer: TushareAnswer,
  params: Readonly<Record<string, string>> = {},
): number {
  if (answer.items.length === 0) return 0;
  const columns = findColumns(dataset, answer);
  const names = columns.map((column) => column.field.name);
  if (rows.lines.size === 0) rows.columns = names;
  else if (names.join() !== rows.columns.join())
    throw new TaskError(
      'tushare_bad_answer',
      `${dataset.name}: two answers for one unit differ in their columns`,
    );
  const readers = columns.map(({ field, index }) => cellReader(dataset, field, index, params[field.name]));
  const keyOf = keyReader(dataset, names);
  const countedAt = columns.findIndex(({ field }) => field.own === 'counted');
  const alike = new Map<string, number>();
  const partitionOf = partitionReader(dataset, names, rows);
  const cells = new Array<string>(columns.length);
  let repeated = 0;
  for (const item of answer.items) {
    for (let at = 0; at < cells.length; at++) cells[at] = (readers[at] as CellReader)(item);
    if (countedAt >= 0) cells[countedAt] = String(countAlike(alike, cells));
    const key = keyOf(cells);
    const line = cells.join('\t');
    const known = rows.lines.get(key);
    if (known === line) {
      repeated++;
      continue;
    }
    if (known !== undefined)
      throw new TaskError(
        'data_rejected',
        `${dataset.name}: TuShare answered two different rows for ${key.replaceAll('\t', ' ')}; the next attempt asks again`,
      );
    const partition = partitionOf(cells);
    rows.counts.set(partition, (rows.counts.get(partition) ?? 0) + 1);
    rows.lines.set(key, line);
  }
  return repeated;
}

/** Which of the rows that are exactly alike in this answer: 1, 2, … */
function countAlike(alike: Map<string, number>, cells: readonly string[]): number {
  const line = cells.join('\t');
  const count = (alike.get(line) ?? 0) + 1;
  alike.set(line, count);
  return count;
}

const NULL = '\\N';

function findColumns(dataset: TableDataset, answer: TushareAnswer): { field: Field; index: number }[] {
  const missing = requiredFields(dataset).filter((name) => !answer.fields.includes(name));
  if (missing.length > 0)
    throw new TaskError('tushare_bad_answer', `${dataset.name}: the answer lacks ${missing.join(', ')}`);
  if (answer.items.some((item) => item.length !== answer.fields.length))
    throw new TaskError('tushare_bad_answer', `${dataset.name}: a row is not as long as the list of fields`);
  return dataset.fields
    .map((field) => ({ field, index: field.own ? -1 : answer.fields.indexOf(field.name) }))
    .filter((column) => column.index >= 0 || column.field.own);
}

/** Finds the partition of a row, and refuses rows outside the unit. */
function partitionReader(dataset: TableDataset, names: string[], rows: Rows): (cells: string[]) => string {
  const fetch = wayOf(dataset, rows.unit);
  const { partitions } = rows.unit;
  const only = partitions[0] as string;
  const byValue = new Map(partitions.map((partition) => [partsOf(fetch, partition).value, partition]));
  const { each, window } = partsOf(fetch, only);
  const eachAt = Object.entries(each)
    .map(([name, value]) => ({ name, value, at: names.indexOf(name) }))
    .filter(({ at }) => at >= 0);
  const field = partitionField(fetch);
  const at = field === null ? -1 : names.indexOf(field);
  const dateAt = window && fetch.by === 'code' && fetch.window ? names.indexOf(fetch.window.date_field) : -1;
  return (cells) => {
    for (const { name, value, at } of eachAt)
      if (cells[at] !== value && cells[at] !== NULL) throw notAsked(dataset, `${name} ${value}`, cells[at]);
    if (window && dateAt >= 0 && outside(window, cells[dateAt] as string))
      throw notAsked(dataset, `${window.first} to ${window.last}`, cells[dateAt]);
    if (at < 0) return only;
    const value = cells[at] as string;
    // a value or code that was asked for may be missing in its rows; a date may not
    if (value === NULL && byValue.size === 1 && (fetch.by === 'value' || fetch.by === 'code')) return only;
    const partition = byValue.get(partitionValue(fetch, value));
    if (partition !== undefined) return partition;
    throw notAsked(dataset, partitions.length === 1 ? only : `${only} to ${partitions.at(-1)}`, value);
  };
}

const outside = ({ first, last }: { first: string; last: string }, date: string): boolean =>
  date !== NULL && (date < first || date > last);

const notAsked = (dataset: TableDataset, asked: string, found: string | undefined): TaskError =>
  new TaskError(
    'tushare_bad_answer',
    `${dataset.name}: asked for ${asked}, the answer holds a row of ${String(found).slice(0, 20)}, which is not open or not inside`,
  );

/** Reads a row's key. @throws TaskError where a member is missing that may not be */
function keyReader(dataset: TableDataset, names: string[]): (cells: readonly string[]) => string {
  const members = dataset.key.map((name) => ({
    at: names.indexOf(name),
    name,
    nullable: dataset.nullable_key?.includes(name) ?? false,
  }));
  return (cells) => {
    let key: string | undefined;
    for (const { at, name, nullable } of members) {
      const cell = cells[at] as string;
      if (cell === NULL && !nullable)
        throw new TaskError('tushare_bad_answer', `${dataset.name}: a row has no ${name}`);
      key = key === undefined ? cell : `${key}\t${cell}`;
    }
    return key ?? '';
  };
}

type CellReader = (item: readonly unknown[]) => string;

/** What reads one column of an answer's rows; or, of a column that the answer has not, the value asked for. */
function cellReader(dataset: TableDataset, field: Field, index: number, asked: unknown): CellReader {
  if (index < 0) return () => cell(dataset, field, asked);
  // numbers are most of what there is
  if (field.type === 'double')
    return (item) => {
      const value = item[index];
      return typeof value === 'number' && Number.isFinite(value)
        ? String(value)
        : cell(dataset, field, value);
    };
  return (item) => cell(dataset, field, item[index]);
}

/** One value as COPY text. null is the only way TuShare says "missing": '' is a text like any other. */
function cell(dataset: TableDataset, field: Field, value: unknown): string {
  if (value === null || value === undefined) return NULL;
  const written = writers[field.type](field.as_text ? numberOf(value) : value);
  if (written !== null) return written;
  const found =
    typeof value === 'string' ? `the text ${JSON.stringify(value.slice(0, 20))}` : `a ${typeof value}`;
  throw new TaskError(
    'tushare_bad_answer',
    `${dataset.name}: ${field.name} should be ${EXPECTED[field.type]}, the answer has ${found}`,
  );
}

/** The number that a text says, for fields that TuShare has sent as text; anything else stays what it is. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

const EXPECTED: Record<FieldType, string> = {
  text: 'a text',
  double: 'a number',
  integer: 'a whole number',
  date: 'a date YYYYMMDD',
  timestamp: 'a time YYYY-MM-DD HH:MM:SS',
};

const writers: Record<FieldType, (value: unknown) => string | null> = {
  // Half a surrogate pair would be stored as U+FFFD: another text than was answered.
  text: (value) =>
    typeof value === 'string' && !value.includes('\0') && value.isWellFormed() ? escapeCopyText(value) : null,
  double: (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : null),
  // Documented as str, recorded as number (trade_cal.is_open): both are taken.
  integer: (value) =>
    Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,15}$/.test(value))
      ? String(value)
      : null,
  date: (value) => (typeof value === 'string' && knownDate(value) ? value : null),
  // Shanghai's clock, where there is no daylight saving
  timestamp: (value) => (typeof value === 'string' && isTimestamp(value) ? `${value}+08` : null),
};

function isTimestamp(value: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.exec(value);
  return parts !== null && knownDate(`${parts[1]}${parts[2]}${parts[3]}`);
}

/** Escapes what COPY's text format gives a meaning to: backslash, tab, line ends. */
export function escapeCopyText(value: string): string {
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] as string) : value;
}
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A market has at most some ten thousand dates; each is parsed once. */
const dates = new Set<string>();
function knownDate(value: string): boolean {
  if (dates.has(value)) return true;
  if (!isRealDate(value)) return false;
  if (dates.size > 50_000) dates.clear();
  dates.add(value);
  return true;
}
