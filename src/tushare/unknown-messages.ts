/**
 * Refusals in words that the protocol notes do not have: each is worth one line in the log of a process, so that
 * somebody adds it to classify.ts, and not one for every call. The threads of a process tell each other.
 */
import { BroadcastChannel } from 'node:worker_threads';

/** A server that varies its words must not fill the log: past this many texts nothing more is new. */
const MOST_TEXTS = 100;

class UnknownMessages {
  #seen = new Set<string>();
  #others = new BroadcastChannel('dayline.unknown-messages');

  constructor() {
    this.#others.unref();
    this.#others.onmessage = (event) => this.#seen.add(String((event as { data: unknown }).data));
  }

  /** Whether nobody in this process has met it; numbers in it (ids, counts) make no difference. */
  isNew(message: string): boolean {
    const text = message.replace(/\d+/g, '#');
    if (this.#seen.has(text) || this.#seen.size >= MOST_TEXTS) return false;
    this.#seen.add(text);
    this.#others.postMessage(text);
    return true;
  }
}

export const unknownMessages = new UnknownMessages();
