/** What a run measured: faults by kind, and how soon the tasks of a lost supervisor ran elsewhere. */
import type { QueueEvent } from './event-log.ts';
import type { Struck } from './inject.ts';

export interface Spread {
  count: number;
  /** ms. */
  p50: number;
  max: number;
}

/** From a fault to the moment when a task of the struck supervisor was taken back, and when it ran again. */
export interface Takeovers {
  taken_back: Spread | null;
  running_again: Spread | null;
}

export function countFaults(timeline: readonly Struck[]): Record<string, number> {
  const groups = Object.entries(Object.groupBy(timeline, ({ kind }) => kind));
  return Object.fromEntries(groups.map(([kind, faults]) => [kind, faults?.length ?? 0]).sort());
}

/**
 * @param kind of fault.
 * @param quietMs only faults without an outage of Redis from this long before until as long after: else the outage is
 * what is measured.
 */
export function takeovers(
  events: readonly QueueEvent[],
  timeline: readonly Struck[],
  kind: 'kill' | 'freeze' | 'block',
  quietMs: number,
): Takeovers {
  const outages = timeline.filter((fault) => /redis|cut|stall/.test(fault.kind));
  const quiet = ({ began }: Struck) =>
    !outages.some((fault) => fault.began < began + quietMs && (fault.ended ?? began) > began - quietMs);
  const takenBack: number[] = [];
  const again: number[] = [];
  for (const fault of timeline.filter((fault) => fault.kind === kind && quiet(fault))) {
    for (const [task_id, index] of heldBy(fault, events)) {
      const later = events.slice(index + 1).filter((event) => event.task_id === task_id);
      // What it could still end before it died was not taken over.
      if (later[0]?.event !== 'lost') continue;
      takenBack.push(later[0].at - fault.began);
      const claim = later.find(({ event }) => event === 'claimed');
      if (claim) again.push(claim.at - fault.began);
    }
  }
  return { taken_back: spread(takenBack), running_again: spread(again) };
}

/** The tasks that the struck supervisor ran at that moment, each with the index of its claim. */
function heldBy({ supervisor_id, began }: Struck, events: readonly QueueEvent[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    if (event.at > began) break;
    if (event.event === 'claimed' && event.supervisor_id === supervisor_id) held.set(event.task_id, index);
    else if (event.event !== 'stop_requested') held.delete(event.task_id);
  }
  return held;
}

function spread(values: number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const p50 = sorted[Math.floor(sorted.length / 2)];
  const max = sorted.at(-1);
  return p50 === undefined || max === undefined ? null : { count: sorted.length, p50, max };
}
