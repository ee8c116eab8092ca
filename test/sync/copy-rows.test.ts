/** Rows in the binary form of COPY, read back as text by a real Postgres. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import t from 'tap';
import { dayNumber } from '../../src/datasets/dates.ts';
import { COPY_BEGIN, COPY_END, CopyRows } from '../../src/sync/copy-rows.ts';
import { bench } from './support.ts';

const here = await bench(t);

/** Stores one column of that type. @returns what Postgres says of each row, in their order */
async function stored(type: string, write: (copy: CopyRows) => void, rows: number): Promise<unknown[]> {
  const copy = new CopyRows();
  for (let row = 0; row < rows; row++) {
    copy.startRow(2);
    copy.integer(row);
    write(copy);
  }
  const client = await here.db.connect();
  try {
    await client.query(`SET timezone = 'UTC'; CREATE TEMPORARY TABLE here (row bigint, value ${type})`);
    const stream = client.query(copyFrom('COPY here FROM STDIN (FORMAT binary)'));
    await pipeline(Readable.from([COPY_BEGIN, copy.bytes, COPY_END]), stream);
    const read = await client.query('SELECT value::text FROM here ORDER BY row');
    return read.rows.map(({ value }) => value);
  } finally {
    client.release(true);
  }
}

/** Writes one value after the other. */
function each<T>(values: readonly T[], write: (copy: CopyRows, value: T) => void): (copy: CopyRows) => void {
  let at = 0;
  return (copy) => write(copy, values[at++] as T);
}

t.test('whole numbers as large as a double holds them', async (t) => {
  const values = [0, 1, -1, 255, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, -(2 ** 32) - 1].concat([
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ]);
  const write = each(values, (copy, value) => copy.integer(value));
  t.same(await stored('bigint', write, values.length), values.map(String));
});

t.test('doubles; -0 is 0', async (t) => {
  const values = [0.1, 1 / 3, -2.5, Number.MAX_VALUE, 5e-324, 0];
  const write = each([...values, -0], (copy, value) => copy.double(value));
  const read = await stored('double precision', write, values.length + 1);
  t.same(read.map(Number).slice(0, -1), values);
  t.equal(read.at(-1), '0');
});

t.test('dates before and after 2000, and times', async (t) => {
  const dates = ['19901219', '20000101', '20240229', '00010101', '99991231'];
  const write = each(dates, (copy, date) => copy.date(dayNumber(date)));
  t.same(await stored('date', write, dates.length), [
    '1990-12-19',
    '2000-01-01',
    '2024-02-29',
    '0001-01-01',
    '9999-12-31',
  ]);
  const times = ['1991-05-01T23:59:59Z', '2000-01-01T00:00:00Z', '2026-11-21T08:30:01Z'];
  const writeTime = each(times, (copy, time) => copy.timestamp(Date.parse(time)));
  t.same(
    await stored('timestamptz', writeTime, times.length),
    times.map((time) => time.replace('T', ' ').replace('Z', '+00')),
  );
});

t.test('texts: short and long, ASCII or not, and more than the first buffer holds', async (t) => {
  const letters = [
    '',
    'a',
    '600000.SH',
    '万科',
    'abc万',
    '😀'.repeat(9),
    'tab\tline\nback\\slash',
    '\\N',
    '"',
    'x'.repeat(33),
  ];
  const values = [...letters, ...letters.map((text) => text.repeat(4_000)), 'é'.repeat(100_000)];
  const write = each(values, (copy, value) => copy.text(value));
  t.same(await stored('text', write, values.length), values);
});

t.test('null is null, a row is cut off again, and a repeated one is known', async (t) => {
  const copy = new CopyRows();
  const row = (value: number | null) => {
    const start = copy.length;
    copy.startRow(1);
    if (value === null) copy.null();
    else copy.double(value);
    return start;
  };
  const first = row(null);
  const second = row(1);
  const third = row(null);
  t.ok(copy.isRepeated(first, third));
  t.notOk(copy.isRepeated(second, third));
  copy.cutAt(third);
  t.equal(copy.length, third);
  t.notOk(copy.isRepeated(first, second), 'the same beginning is not the same row');
  t.same(await stored('text', (written) => written.null(), 2), [null, null]);
});
