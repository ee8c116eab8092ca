/**
 * The slot-seconds of a backlog that no call used, and those of them that killed and frozen holders kept from the others.
 * A slot is in use from the arrival of a call until one window after its end; `limit` slots are there all the time.
 */

/** What a process, or one of its threads, held at the moment when it was killed or frozen. */
export interface Holding {
  /** How the ids of its calls begin. */
  calls: string;
  /** Monotonic ms. */
  at: number;
  /** For each slot that it held in a call: for how long it stays taken from `at` on, in ms. */
  slots: readonly number[];
}

export interface SlotLog {
  limit: number;
  windowMs: number;
  /** How long a call takes. */
  latencyMs: number;
  /** Monotonic ms, in order. */
  arrivals: readonly { at: number; id: string }[];
  /** When a call ended, by its id: monotonic ms; undefined when nobody lived to tell. */
  endedAt(id: string): number | undefined;
  holdings: readonly Holding[];
}

export interface LostSlots {
  /** Slot-seconds there were, lost ones, and those of them that are put down to holders that were killed or frozen. */
  capacity: number;
  lost: number;
  held: number;
}

/**
 * From one window and a call after the first arrival, when every slot has been used once, to the last arrival.
 * A slot that is held counts as held only from where the call that its holder had under way ends to count by itself.
 */
export function lostSlots(log: SlotLog): LostSlots {
  const { limit, windowMs, latencyMs, arrivals, holdings } = log;
  const useMs = windowMs + latencyMs;
  const from = (arrivals[0]?.at ?? 0) + useMs;
  const to = Math.max(from, arrivals.at(-1)?.at ?? 0);
  const seconds = (begins: number, ends: number) =>
    Math.max(0, Math.min(ends, to) - Math.max(begins, from)) / 1000;
  const used = sum(arrivals.map(({ at }) => seconds(at, at + useMs)));
  const held = holdings.map(({ calls, at, slots }) => {
    const taken = sum(slots.map((ms) => seconds(at, at + ms)));
    const unfinished = arrivals.filter(
      (call) => call.id.startsWith(calls) && call.at <= at && (log.endedAt(call.id) ?? at) >= at,
    );
    // one for each slot at most: of those whose end nobody told, older ones had ended
    const underWay = unfinished.slice(Math.max(0, unfinished.length - slots.length));
    const counted = sum(underWay.map((call) => seconds(at, call.at + useMs)));
    return Math.max(0, taken - counted);
  });
  const capacity = (limit * (to - from)) / 1000;
  return { capacity, lost: capacity - used, held: sum(held) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
