const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NEWLINE = 0x0a;

/**
 * Writes rows digit by digit into one buffer. A market day has 5,500 rows of nine numbers; put together from strings
 * they take 3.7 µs a row and keep every piece alive.
 */
export class RowText {
  #bytes = Buffer.allocUnsafe(1 << 20);
  #length = 0;

  /** Room for one more row is made here, so that the writes below need not look. */
  startRow(): void {
    if (this.#bytes.length - this.#length >= 1024) return;
    this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
  }

  endRow(): void {
    this.#bytes[this.#length++] = NEWLINE;
  }

  ascii(text: string): void {
    for (let n = 0; n < text.length; n++) this.#bytes[this.#length++] = text.charCodeAt(n);
  }

  /**
   * Writes a comma and parts / 10^digits without trailing zeros but for one, as TuShare writes floats: 7.0, 7.23.
   * `parts` is an integer below 2^53.
   */
  decimal(parts: number, digits: number): void {
    this.#bytes[this.#length++] = COMMA;
    let size = parts;
    if (size < 0) {
      this.#bytes[this.#length++] = MINUS;
      size = -size;
    }
    const one = 10 ** digits;
    const whole = Math.floor(size / one);
    let fraction = size - whole * one;
    this.#whole(whole);
    this.#bytes[this.#length++] = DOT;
    let unit = one / 10;
    do {
      const digit = Math.floor(fraction / unit);
      this.#bytes[this.#length++] = ZERO + digit;
      fraction -= digit * unit;
      unit /= 10;
    } while (fraction > 0);
  }

  #whole(value: number): void {
    let unit = 1;
    while (unit * 10 <= value) unit *= 10;
    let rest = value;
    for (; unit >= 1; unit /= 10) {
      const digit = Math.floor(rest / unit);
      this.#bytes[this.#length++] = ZERO + digit;
      rest -= digit * unit;
    }
  }

  /** The rows written since the last call. They share one flat string, which joins quickly and holds nothing else. */
  takeRows(): string[] {
    const text = this.#bytes.toString('latin1', 0, Math.max(this.#length - 1, 0));
    this.#length = 0;
    return text === '' ? [] : text.split('\n');
  }
}
