/**
 * The live feed of a web process: however many listen, one blocking read follows the stream {prefix}:events, on a
 * connection of its own that is open only while somebody listens.
 *
 * What changes within a moment goes out as one batch with the id of its last entry. A listener that comes back names
 * that id and gets what it has missed; when that can't be told any more (the stream keeps about 10,000 entries), or
 * is too much to send, it gets `reset` instead: ask everything anew.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { queueKeys } from '../queue/keys.ts';
import { BLOCKED_AT_MOST_MS, openRedisOf, type RedisSettings, untilReady } from '../queue/redis.ts';
import type { QueueRedis } from '../queue/scripts.ts';

/** An entry of the stream: its fields as they were written (src/queue/lua/shared/emit.lua). */
export type FeedEvent = Readonly<Record<string, string>>;
export type Batch =
  | { kind: 'changes'; id: string; events: FeedEvent[] }
  /** Too much happened: what was known is out of date. */
  | { kind: 'reset'; id: string };

export interface Listener {
  deliver(batch: Batch): void;
  /** The feed has ended (Redis went away): listen again. */
  end(): void;
}

/** Changes gather for this long, in ms: a busy queue sends four batches a second, not thousands. */
const GATHER_MS = 250;
/** Entries of one batch after coalescing; more is a reset. */
const BATCH_AT_MOST = 500;
/** Entries read at once. */
const READ_AT_MOST = 5000;
const CONNECT_MS = 2000;

type Entry = [id: string, fields: string[]];
type FeedConfig = RedisSettings & Pick<Config, 'REDIS_KEY_PREFIX'>;

export class EventFeed {
  readonly #config: FeedConfig;
  readonly #key: string;
  readonly #listeners = new Set<Listener>();
  #reader: QueueRedis | undefined;
  /** Fulfilled when the reader has its place in the stream, or has failed. */
  #placed: Promise<void> = Promise.resolve();

  constructor(config: FeedConfig) {
    this.#config = config;
    this.#key = queueKeys(config.REDIS_KEY_PREFIX).events;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Resolves when the listener hears every batch from then on. */
  async join(listener: Listener): Promise<void> {
    this.#listeners.add(listener);
    if (!this.#reader) this.#placed = this.#begin();
    await this.#placed;
  }

  /** Twice is harmless. The last one to leave closes the connection. */
  leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#close();
  }

  /**
   * What came after an id that a listener has seen last.
   * @param redis any connection: nothing blocks
   */
  async since(redis: QueueRedis, id: string): Promise<Batch> {
    const [oldest, newest, missed] = (await Promise.all([
      redis.xrange(this.#key, '-', '+', 'COUNT', 1),
      redis.xrevrange(this.#key, '+', '-', 'COUNT', 1),
      redis.xrange(this.#key, `(${id}`, '+', 'COUNT', READ_AT_MOST),
    ])) as [Entry[], Entry[], Entry[]];
    const [first, last] = [oldest[0]?.[0], newest[0]?.[0]];
    // trimmed since, or another Redis
    const gap = !first || !last || isBefore(id, first) || isBefore(last, id);
    if (gap || missed.length === READ_AT_MOST) return { kind: 'reset', id: last ?? '0-0' };
    return batchOf(missed, id);
  }

  /** Ends every listener. */
  stop(): void {
    for (const listener of [...this.#listeners]) listener.end();
    this.#listeners.clear();
    this.#close();
  }

  #close(): void {
    this.#reader?.disconnect();
    this.#reader = undefined;
  }

  #begin(): Promise<void> {
    const reader = openRedisOf(this.#config, { name: 'dayline:web:events', blocking: true });
    this.#reader = reader;
    const placed = Promise.withResolvers<void>();
    this.#follow(reader, placed.resolve)
      .catch(() => {
        // Redis is away, which /health tells; whoever listens asks again and is told by the gate
        if (this.#reader === reader) this.stop();
      })
      .finally(() => {
        placed.resolve();
        reader.disconnect();
      });
    return placed.promise;
  }

  /** Reads until nobody listens. @throws what Redis throws when it goes away */
  async #follow(reader: QueueRedis, placed: () => void): Promise<void> {
    const read = (command: Promise<unknown>) => command as Promise<Entry[]>;
    await untilReady(reader, CONNECT_MS);
    const newest = await read(reader.xrevrange(this.#key, '+', '-', 'COUNT', 1));
    let last = newest[0]?.[0] ?? '0-0';
    placed();
    while (this.#reader === reader) {
      const some = await reader.xread('COUNT', 1, 'BLOCK', BLOCKED_AT_MOST_MS, 'STREAMS', this.#key, last);
      if (!some) continue;
      await sleep(GATHER_MS);
      const entries = await read(reader.xrange(this.#key, `(${last}`, '+', 'COUNT', READ_AT_MOST));
      const batch = batchOf(entries, last);
      last = batch.id;
      for (const listener of [...this.#listeners]) listener.deliver(batch);
    }
  }
}

/** Of the progress of a task only the last one counts. */
function batchOf(entries: Entry[], after: string): Batch {
  const id = entries.at(-1)?.[0] ?? after;
  const kept = new Map<string, FeedEvent>();
  for (const [entryId, fields] of entries) {
    const event = fieldsOf(fields);
    kept.set(event.event === 'progress' ? `progress ${event.task_id}` : entryId, event);
  }
  if (kept.size > BATCH_AT_MOST || entries.length === READ_AT_MOST) return { kind: 'reset', id };
  return { kind: 'changes', id, events: [...kept.values()] };
}

function fieldsOf(list: string[]): FeedEvent {
  const event: Record<string, string> = {};
  for (let n = 0; n + 1 < list.length; n += 2) event[list[n] as string] = list[n + 1] as string;
  return event;
}

/** Ids of a stream: ms and a number within it. */
function isBefore(a: string, b: string): boolean {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs < bMs || (aMs === bMs && aNumber < bNumber);
}
