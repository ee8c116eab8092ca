/**
 * Which fault strikes when: made from the seed alone, before the run begins, so that a seed replays it. What the
 * processes do in between is theirs; a replay meets the same faults, not the same microseconds.
 */
import type { Random } from './random.ts';

/** Supervisors that work side by side. */
export const SUPERVISORS = 3;

/** Each kind with its share: out of 228 faults, as many of a kind. */
const SHARES = {
  /** kill -9 of a supervisor; a new one takes its place. */
  kill: 40,
  /** SIGSTOP for longer than its lease, then SIGCONT. */
  freeze: 30,
  /** Its event loop stands still for longer than its lease, and its threads work on: past the lease only the fence holds them. */
  block: 24,
  /** Connections to Redis are reset and refused. */
  cut: 30,
  /** Connections to Redis stay open, and what is sent arrives late. */
  stall: 20,
  /** kill -9 of Redis, then a start on the same append-only file. */
  redis_kill: 20,
  /** SIGTERM to Redis, then a start. */
  redis_stop: 12,
  /** Fast shutdown of Postgres, then a start. */
  postgres_stop: 12,
  /** kill -9 of the postmaster, then a start with crash recovery. */
  postgres_kill: 8,
  /** A task that spins: its thread is killed at the deadline. */
  thread_spin: 16,
  /** A task that ends its thread. */
  thread_exit: 16,
} as const;
export type FaultKind = keyof typeof SHARES;

/** Longer than a lease (4 s), in ms. */
const STOPPED_MS = [4_500, 8_000] as const;
/** Well within a lease, or past its end, so that others take over while the old owner still works. */
const CUT_MS: readonly (readonly [from: number, to: number])[] = [
  [1_000, 3_000],
  [4_800, 6_000],
];
const SERVER_AWAY_MS = [100, 2_500] as const;

export interface Fault {
  kind: FaultKind;
  /** Pause since the fault before it began, in ms. */
  after_ms: number;
  /** Which supervisor; for a cut or a stall null means all of them. */
  slot: number | null;
  /** How long it lasts; 0 where that has no meaning. */
  ms: number;
}

/** @param gap_ms the pauses between faults are anywhere up to twice this. */
export function makeSchedule(random: Random, count: number, gap_ms: number): Fault[] {
  return random.shuffle(kinds(count)).map((kind) => ({
    kind,
    after_ms: random.whole(0, 2 * gap_ms),
    slot: slotOf(random, kind),
    ms: durationOf(random, kind),
  }));
}

/** As many of each kind as its share says, and at least one of each. */
function kinds(count: number): FaultKind[] {
  const all = Object.values(SHARES).reduce((sum, share) => sum + share, 0);
  const list = Object.entries(SHARES).flatMap(([kind, share]) =>
    Array<FaultKind>(Math.max(1, Math.round((share / all) * count))).fill(kind as FaultKind),
  );
  // Rounding leaves one or two too many or too few: of those there are most.
  while (list.length < count) list.push('kill');
  while (list.length > count) list.splice(list.indexOf('kill'), 1);
  return list;
}

function slotOf(random: Random, kind: FaultKind): number | null {
  const slot = random.whole(0, SUPERVISORS - 1);
  if (kind === 'kill' || kind === 'freeze' || kind === 'block') return slot;
  if (kind === 'cut' || kind === 'stall') return random.whole(1, 4) === 1 ? null : slot;
  return null;
}

function durationOf(random: Random, kind: FaultKind): number {
  if (kind === 'freeze' || kind === 'block') return random.whole(...STOPPED_MS);
  if (kind === 'cut' || kind === 'stall') return random.whole(...random.pick(CUT_MS));
  if (/^(redis|postgres)/.test(kind)) return random.whole(...SERVER_AWAY_MS);
  return 0;
}
