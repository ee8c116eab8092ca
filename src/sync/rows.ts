/**
 * From an answer of TuShare to rows for COPY: every value is checked against the declared type, columns are found by
 * the answer's own field order, duplicates are dropped.
 */
import { type Field, type FieldType, requiredFields, type TableDataset } from '../datasets/dataset.ts';
import { dayNumber, isRealDate, shanghaiMs } from '../datasets/dates.ts';
import { TaskError } from '../errors.ts';
import type { TushareAnswer } from './context.ts';
import { CopyRows } from './copy-rows.ts';
import { partsOf } from './partition.ts';
import { partitionField, partitionValue, type Unit, wayOf } from './unit.ts';

/** Checked rows of one unit. */
export interface Rows {
  unit: Unit;
  /** Declared fields that the answer had, in the order of the rows: a column that is absent is left as it is. */
  columns: string[];
  copy: CopyRows;
  /** Where the row of a natural key begins. */
  starts: Map<string, number>;
  /** Rows of each partition. */
  counts: Map<string, number>;
}

/** Starts the rows of a unit. */
export function emptyRows(dataset: TableDataset, unit: Unit): Rows {
  return {
    unit,
    columns: dataset.fields.map((field) => field.name),
    copy: new CopyRows(),
    starts: new Map(),
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
  if (rows.starts.size === 0) rows.columns = names;
  else if (names.join() !== rows.columns.join())
    throw new TaskError(
      'tushare_bad_answer',
      `${dataset.name}: two answers for one unit differ in their columns`,
    );
  const { copy, starts, counts } = rows;
  const write = columns.map(({ field, index }) =>
    cellWriter(dataset, field, index, params[field.name], copy),
  );
  const countsAlike = columns.at(-1)?.field.own === 'counted';
  const alike = new Map<string, number>();
  const keyOf = keyReader(dataset, names);
  const partitionOf = partitionReader(dataset, names, rows);
  const cells = new Array<Cell>(columns.length);
  const written = countsAlike ? cells.length - 1 : cells.length;
  let repeated = 0;
  for (const item of answer.items) {
    const start = copy.length;
    copy.startRow(cells.length);
    for (let at = 0; at < written; at++) cells[at] = (write[at] as CellWriter)(item);
    if (countsAlike) {
      const count = countAlike(alike, copy.from(start));
      copy.integer(count);
      cells[written] = count;
    }
    const key = keyOf(cells);
    const known = starts.get(key);
    if (known === undefined) {
      const partition = partitionOf(cells);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
      starts.set(key, start);
      continue;
    }
    if (!copy.isRepeated(known, start)) throw twoRows(dataset, key);
    copy.cutAt(start);
    repeated++;
  }
  return repeated;
}

const twoRows = ({ name }: TableDataset, key: string): TaskError =>
  new TaskError(
    'data_rejected',
    `${name}: TuShare answered two different rows for ${key.replaceAll('\0', ' ')}; the next attempt asks again`,
  );

/** Which of the rows that are exactly alike in this answer: 1, 2, … */
function countAlike(alike: Map<string, number>, row: string): number {
  const count = (alike.get(row) ?? 0) + 1;
  alike.set(row, count);
  return count;
}

/** A value as it is told in keys and partitions. */
type Cell = string | number | null;

/** The columns of the rows; the one that counts rows that are alike comes last. */
function findColumns(dataset: TableDataset, answer: TushareAnswer): { field: Field; index: number }[] {
  const missing = requiredFields(dataset).filter((name) => !answer.fields.includes(name));
  if (missing.length > 0)
    throw new TaskError('tushare_bad_answer', `${dataset.name}: the answer lacks ${missing.join(', ')}`);
  if (answer.items.some((item) => item.length !== answer.fields.length))
    throw new TaskError('tushare_bad_answer', `${dataset.name}: a row is not as long as the list of fields`);
  return dataset.fields
    .map((field) => ({ field, index: field.own ? -1 : answer.fields.indexOf(field.name) }))
    .filter((column) => column.index >= 0 || column.field.own)
    .sort((a, b) => Number(a.field.own === 'counted') - Number(b.field.own === 'counted'));
}

/** Finds the partition of a row, and refuses rows outside the unit. */
function partitionReader(
  dataset: TableDataset,
  names: string[],
  rows: Rows,
): (cells: readonly Cell[]) => string {
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
      if (cells[at] !== null && String(cells[at]) !== value)
        throw notAsked(dataset, `${name} ${value}`, cells[at]);
    if (window && dateAt >= 0 && outside(window, cells[dateAt] as Cell))
      throw notAsked(dataset, `${window.first} to ${window.last}`, cells[dateAt]);
    if (at < 0) return only;
    const value = cells[at] as Cell;
    // a value or code that was asked for may be missing in its rows; a date may not
    if (value === null && byValue.size === 1 && (fetch.by === 'value' || fetch.by === 'code')) return only;
    const partition = value === null ? undefined : byValue.get(partitionValue(fetch, String(value)));
    if (partition !== undefined) return partition;
    throw notAsked(dataset, partitions.length === 1 ? only : `${only} to ${partitions.at(-1)}`, value);
  };
}

const outside = ({ first, last }: { first: string; last: string }, date: Cell): boolean =>
  date !== null && (date < first || date > last);

const notAsked = (dataset: TableDataset, asked: string, found: Cell | undefined): TaskError =>
  new TaskError(
    'tushare_bad_answer',
    `${dataset.name}: asked for ${asked}, the answer holds a row of ${String(found).slice(0, 20)}, which is not open or not inside`,
  );

/** Stands for null in a key: half of a pair, which no text has. */
const NULL_MEMBER = '\ud800';

/** Reads a row's key. @throws TaskError where a member is missing that may not be */
function keyReader(dataset: TableDataset, names: string[]): (cells: readonly Cell[]) => string {
  const members = dataset.key.map((name) => ({
    at: names.indexOf(name),
    name,
    nullable: dataset.nullable_key?.includes(name) ?? false,
  }));
  return (cells) => {
    let key: string | undefined;
    for (const { at, name, nullable } of members) {
      const cell = cells[at] as Cell;
      if (cell === null && !nullable)
        throw new TaskError('tushare_bad_answer', `${dataset.name}: a row has no ${name}`);
      const member = cell === null ? NULL_MEMBER : String(cell);
      key = key === undefined ? member : `${key}\0${member}`;
    }
    return key ?? '';
  };
}

/** Writes one column of a row, and tells its value. */
type CellWriter = (item: readonly unknown[]) => Cell;

/** What writes one column of an answer's rows; or, of a column that the answer has not, the value asked for. */
function cellWriter(
  dataset: TableDataset,
  field: Field,
  index: number,
  asked: unknown,
  copy: CopyRows,
): CellWriter {
  const write = writers[field.type];
  return (item) => {
    const value = index < 0 ? asked : item[index];
    if (value === null || value === undefined) {
      // the only way TuShare says "missing": '' is a text like any other
      copy.null();
      return null;
    }
    const cell = write(copy, field.as_text ? numberOf(value) : value);
    if (cell === REFUSED) throw unfit(dataset, field, value);
    return cell;
  };
}

function unfit({ name }: TableDataset, field: Field, value: unknown): TaskError {
  const found =
    typeof value === 'string' ? `the text ${JSON.stringify(value.slice(0, 20))}` : `a ${typeof value}`;
  return new TaskError(
    'tushare_bad_answer',
    `${name}: ${field.name} should be ${EXPECTED[field.type]}, the answer has ${found}`,
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

/** The value is not of the type. */
const REFUSED = Symbol('refused');

const writers: Record<FieldType, (copy: CopyRows, value: unknown) => Cell | typeof REFUSED> = {
  text(copy, value) {
    // Half a surrogate pair would be stored as U+FFFD: another text than was answered.
    if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) return REFUSED;
    copy.text(value);
    return value;
  },
  double(copy, value) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return REFUSED;
    copy.double(value);
    return value;
  },
  integer(copy, value) {
    // Documented as str, recorded as number (trade_cal.is_open): both are taken.
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (!Number.isSafeInteger(number)) return REFUSED;
    copy.integer(number as number);
    return number as number;
  },
  date(copy, value) {
    const day = typeof value === 'string' ? knownDay(value) : undefined;
    if (day === undefined) return REFUSED;
    copy.date(day);
    return value as string;
  },
  timestamp(copy, value) {
    const ms = typeof value === 'string' ? timestampMs(value) : undefined;
    if (ms === undefined) return REFUSED;
    copy.timestamp(ms);
    return value as string;
  },
};

/** Ms since 1970 of a time of Shanghai's clock, where there is no daylight saving. */
function timestampMs(value: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(value);
  const day = parts && knownDay(`${parts[1]}${parts[2]}${parts[3]}`);
  if (!parts || day === undefined || day === null) return undefined;
  const seconds = Number(parts[4]) * 3600 + Number(parts[5]) * 60 + Number(parts[6]);
  return shanghaiMs(day, seconds * 1000);
}

/** A market has at most some ten thousand dates; each is parsed once. */
const days = new Map<string, number>();
function knownDay(value: string): number | undefined {
  const known = days.get(value);
  if (known !== undefined) return known;
  // There is no year 0, for which Postgres would write "BC".
  if (!isRealDate(value) || value < '0001') return undefined;
  if (days.size > 50_000) days.clear();
  const day = dayNumber(value);
  days.set(value, day);
  return day;
}
