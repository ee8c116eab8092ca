/**
 * Rows in the binary form of COPY: a number costs neither its text here nor its reading there, and no text needs
 * escapes. See "Binary Format" of https://www.postgresql.org/docs/17/sql-copy.html; each type as its `send` function
 * writes it.
 */
import { dayNumber } from '../datasets/dates.ts';

/** What stands before the rows of a COPY, and after them. */
export const COPY_BEGIN = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
export const COPY_END = Buffer.from([0xff, 0xff]);

const NULL_LENGTH = -1;
/** Postgres counts days and microseconds from 2000-01-01 on. */
const EPOCH_DAY = dayNumber('20000101');
const EPOCH_MS = EPOCH_DAY * 86_400_000;
const FIRST_BYTES = 64 * 1024;
/** Texts up to this length are copied character by character while they are ASCII: most are codes. */
const SHORT_TEXT = 32;

export class CopyRows {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #end = 0;

  /** Bytes so far: where the next row begins. */
  get length(): number {
    return this.#end;
  }

  /** All rows so far; a later one may move them. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  startRow(columns: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#end, columns);
    this.#end += 2;
  }

  /** Takes back everything from here on. */
  cutAt(length: number): void {
    this.#end = length;
  }

  /** Whether the row that begins at `last`, the last one, is byte for byte the one at `start`. */
  isRepeated(start: number, last: number): boolean {
    return this.#bytes.compare(this.#bytes, last, this.#end, start, start + this.#end - last) === 0;
  }

  /** The bytes from here on, a character each. */
  from(start: number): string {
    return this.#bytes.toString('latin1', start, this.#end);
  }

  null(): void {
    this.#reserve(4);
    this.#int32(NULL_LENGTH);
  }

  double(value: number): void {
    this.#reserve(12);
    this.#int32(8);
    this.#view.setFloat64(this.#end, value + 0); // -0 is 0
    this.#end += 8;
  }

  /** A whole number that a double holds exactly, as bigint. */
  integer(value: number): void {
    this.#reserve(12);
    this.#int32(8);
    this.#int32(Math.floor(value / 2 ** 32));
    this.#view.setUint32(this.#end, value >>> 0);
    this.#end += 4;
  }

  /** @param date YYYYMMDD */
  date(day: number): void {
    this.#reserve(8);
    this.#int32(4);
    this.#int32(day - EPOCH_DAY);
  }

  /** @param ms since 1970, UTC */
  timestamp(ms: number): void {
    this.integer((ms - EPOCH_MS) * 1000);
  }

  text(value: string): void {
    const { length } = value;
    this.#reserve(4 + 3 * length); // the longest that UTF-8 makes of a UTF-16 unit
    const start = this.#end + 4;
    let at = 0;
    if (length <= SHORT_TEXT)
      for (; at < length; at++) {
        const code = value.charCodeAt(at);
        if (code > 0x7f) break;
        this.#bytes[start + at] = code;
      }
    const bytes = at === length ? length : this.#bytes.write(value, start, 'utf8');
    this.#int32(bytes);
    this.#end += bytes;
  }

  #int32(value: number): void {
    this.#view.setInt32(this.#end, value);
    this.#end += 4;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + bytes));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
