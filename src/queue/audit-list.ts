/**
 * The audit list: every terminal state that Postgres does not have yet, oldest first. Whoever copies an entry names
 * it afterwards with {@link AuditList.audited}; until then it stays, whatever dies. So each is copied at least once,
 * and copying it again must change nothing.
 */
import { fromFields } from './fields.ts';
import { keyBase } from './keys.ts';
import { defineScripts, type QueueRedis, type Scripts } from './scripts.ts';
import type { Task, TaskStatus } from './task.ts';
import { fromHash } from './task-hash.ts';

/** How long an auditor has the list to itself after it looked, in ms. Only saves double work. */
export const AUDIT_LEASE_MS = 5_000;
/** Tasks of one look, in bytes, about: the parameters of 500 tasks could be large. */
const BYTES_AT_ONCE = 2_000_000;

/** An execution at one of its ends. Retried, it ends again, as another attempt. */
export interface EndedExecution {
  execution_id: string;
  attempt: number;
  status: TaskStatus;
  kind: string;
  label: string;
  sequence: number;
  /** Its tasks, and what they had ended with; retried ones count once, as their last. */
  total: number;
  completed: number;
  failed: number;
  cancelled: number;
  created_at: number;
  started_at: number | null;
  completed_at: number;
}

/** One terminal state. */
export interface AuditEntry {
  /** As it stands in the list. */
  readonly text: string;
  /** What has ended; both null when the entry can't be read or that is gone: deleted or evicted by hand. */
  readonly task: Task | null;
  readonly execution: EndedExecution | null;
}

/** `refused`: Postgres can't hold it; it is set aside in `audit_refused`, and its Redis copy stays. */
export interface Audited extends AuditEntry {
  readonly fate: 'stored' | 'refused';
  /** Why it is refused. */
  readonly reason?: string;
}

export class AuditList {
  readonly #run: Scripts;

  /** @param prefix REDIS_KEY_PREFIX, without braces */
  constructor(redis: QueueRedis, prefix: string) {
    this.#run = defineScripts(redis, keyBase(prefix));
  }

  /**
   * The oldest entries with what they name; nothing when none waits or another auditor is at it.
   * @param auditor who asks
   * @param limit entries at most
   */
  async oldest(auditor: string, limit: number): Promise<AuditEntry[]> {
    const reply = await this.#run.unaudited(auditor, AUDIT_LEASE_MS, limit, BYTES_AT_ONCE);
    const entries: AuditEntry[] = [];
    for (let i = 0; i < reply.length; i += 2) {
      entries.push(toEntry(reply[i] as string, reply[i + 1] as string[] | null));
    }
    return entries;
  }

  /**
   * Postgres has these, which {@link oldest} returned in this order: they leave the list, and the 7 days of their
   * Redis copies begin.
   * @returns how many left the list now; fewer than given when another auditor was faster
   */
  audited(entries: readonly Audited[]): Promise<number> {
    return this.#run.audited(...entries.flatMap(({ fate, text }) => [fate, text]));
  }
}

interface EntryText {
  kind: 'task' | 'execution';
  id: string;
  status: TaskStatus;
  attempt: number;
  at: number;
  counts?: { failed: number; cancelled: number };
}

function toEntry(text: string, raw: string[] | null): AuditEntry {
  if (!raw) return { text, task: null, execution: null };
  const entry = JSON.parse(text) as EntryText;
  return entry.kind === 'task'
    ? { text, task: fromHash(entry.id, raw), execution: null }
    : { text, task: null, execution: executionOf(entry, raw) };
}

/** What may have moved on since it ended comes from the entry, the rest from its hash. */
function executionOf({ id, attempt, status, at, counts }: EntryText, raw: string[]): EndedExecution {
  const { text, number } = fromFields(raw);
  const { failed = 0, cancelled = 0 } = counts ?? {};
  const total = number('total') ?? 0;
  return {
    execution_id: id,
    attempt,
    status,
    kind: text('kind') ?? '',
    label: text('label') ?? '',
    sequence: number('sequence') ?? 0,
    total,
    completed: total - failed - cancelled,
    failed,
    cancelled,
    created_at: number('created_at') ?? 0,
    started_at: number('started_at'),
    completed_at: at,
  };
}
