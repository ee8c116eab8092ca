/** Ids of tasks and executions. */
import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 95 bits. With it `{stock}:task:<id>` takes 32 bytes of Redis; with a uuid it was 64, and 20 more in the queue. */
const LENGTH = 16;

const pool = Buffer.alloc(4096);
let used = pool.length;

/** A new random id: 16 letters and digits, so that a double click selects it. */
export function newId(): string {
  let id = '';
  while (id.length < LENGTH) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    // Two of the 64 values are no letter and are drawn again: all others stay equally likely.
    id += ALPHABET[(pool[used++] as number) & 63] ?? '';
  }
  return id;
}
