/** Follows the queue's stream of events through all outages of Redis, so that nothing is lost to its cap. */
import { setTimeout as delay } from 'node:timers/promises';
import { openRedis } from '../../../src/queue/redis.ts';
import type { Torn } from '../../support/torn.ts';
import { persistently } from './persistently.ts';

export interface QueueEvent {
  /** ms since the epoch, by the clock of Redis. */
  at: number;
  event: string;
  task_id: string;
  job_type: string;
  status: string;
  /** Of a claim: who claimed. Of a loss: who was lost. */
  supervisor_id?: string;
  /** Of a claim. */
  fence?: number;
  /** Of a loss: how many in a row. */
  losses?: number;
  error_type?: string;
}

export interface ExecutionEvent {
  at: number;
  event: string;
  execution_id: string;
}

export interface EventLog {
  /** Every transition so far, in order. */
  readonly events: readonly QueueEvent[];
  readonly executions: readonly ExecutionEvent[];
  /**
   * Strikes out what Redis had told and, after a kill -9, does not know any more: it has not been. To be called when
   * Redis is back. @param since ms since the epoch, by the clock of Redis. @returns what was struck out.
   */
  strikeLost(since: number): Promise<readonly (QueueEvent | ExecutionEvent)[]>;
  /** Reads what is left, and ends. */
  stop(): Promise<void>;
}

const READ_AT_ONCE = 1_000;
/** Shorter than the silence after which the connection counts as broken. */
const WAIT_MS = 500;
/** Told a few times a second by every task, and of no meaning here. */
const UNTOLD = 'progress';

/** @param stream its key. */
export function followEvents(t: Torn, url: string, stream: string): EventLog {
  const redis = openRedis(url, { name: 'dayline:test:events' });
  t.teardown(() => redis.disconnect());
  const events: QueueEvent[] = [];
  const executions: ExecutionEvent[] = [];
  const ids = new Map<QueueEvent | ExecutionEvent, string>();
  let last = '0-0';
  let stopping = false;

  /** @returns how many there were. */
  const read = async (): Promise<number> => {
    const reply = await redis.xread('COUNT', READ_AT_ONCE, 'BLOCK', WAIT_MS, 'STREAMS', stream, last);
    const entries = reply?.[0]?.[1] ?? [];
    for (const [id, fields] of entries) {
      last = id;
      const event = toEvent(id, fields);
      ids.set(event, id);
      if (!('task_id' in event)) executions.push(event);
      else if (event.event !== UNTOLD) events.push(event);
    }
    return entries.length;
  };
  const following = (async () => {
    for (;;) {
      try {
        if ((await read()) === 0 && stopping) return;
      } catch {
        await delay(50); // Redis is away, as often in such a run
      }
    }
  })();
  return {
    events,
    executions,
    async strikeLost(since) {
      const told = [...events, ...executions].filter(({ at }) => at >= since);
      const kept = new Set((await persistently(() => redis.xrange(stream, since, '+'))).map(([id]) => id));
      const lost = new Set(told.filter((event) => !kept.has(ids.get(event) as string)));
      for (const list of [events, executions] as (QueueEvent | ExecutionEvent)[][])
        list.splice(0, list.length, ...list.filter((event) => !lost.has(event)));
      return [...lost];
    },
    async stop() {
      stopping = true;
      await following;
    },
  };
}

function toEvent(id: string, fields: string[]): QueueEvent | ExecutionEvent {
  const entry: Record<string, string | number> = { at: Number(id.split('-')[0]) };
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    entry[name] = name === 'fence' || name === 'losses' ? Number(value) : value;
  }
  return entry as unknown as QueueEvent | ExecutionEvent;
}
