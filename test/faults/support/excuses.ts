/**
 * What `appendfsync everysec` may lose: when Redis is killed, what it acknowledged while its last background fsync was
 * under way, 2 s at the most (docs/operations.md, What a killed Redis keeps). The events that were lost so are struck
 * out one by one (EventLog.strikeLost), so that every other check sees what has been, and needs no excuse. What remains
 * is what was acknowledged to somebody else: a submission, an act, the end of a run. Each is excused by its own moment.
 */
import type { Evidence } from './checks.ts';

/** Redis puts a write off for 2 s at most, and looks at its clock once a tenth of a second. In ms. */
export const UNWRITTEN_MS = 2_500;

/** @returns whether what was acknowledged at a moment may be lost. */
export function unwritten({ mayBeLost }: Pick<Evidence, 'mayBeLost'>): (at: number) => boolean {
  return (at) => mayBeLost.some(({ from, to }) => from <= at && at <= to);
}

/** The tasks whose submission was lost: acknowledged in such a moment, and Redis knows no event of it. */
export function lostSubmissions(
  evidence: Pick<Evidence, 'mayBeLost' | 'submitted' | 'events'>,
): ReadonlySet<string> {
  const may = unwritten(evidence);
  const known = new Set(evidence.events.map(({ task_id }) => task_id));
  const lost = evidence.submitted.filter(({ task_id, at }) => may(at) && !known.has(task_id));
  return new Set(lost.map(({ task_id }) => task_id));
}
