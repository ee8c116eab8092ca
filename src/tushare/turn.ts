/**
 * Whose turn it is to read an answer. Reading one, and checking its rows, takes some 10 ms; where several are there
 * at once, whatever else the thread does (the writer above all, with its dozen statements a batch) would wait for all
 * of them at each of its steps, and Postgres with it.
 */
let last: Promise<void> = Promise.resolve();

/** Resolves in a turn of the event loop in which no other answer is read. */
export function turnToRead(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
