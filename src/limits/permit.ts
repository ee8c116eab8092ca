/** Permits of the call window, as seen by whoever wants to call TuShare. */
import type { TaskErrorType } from '../errors.ts';

/** The right to make one call before `use_by`. */
export interface Permit {
  /** By process.hrtime, in ms: a request written later must not use this permit (it stays counted). */
  readonly use_by: number;
  /** The same moment by this machine's wall clock, in ms since the epoch: see {@link mayBeUsed}. */
  readonly use_by_wall?: number;
  /**
   * The call has ended, or was not made: the slot is held for one window from now, then free. Once is enough.
   * @param cutShort no answer has come: the call may still be on its way, and counts from the latest moment at which
   * it could arrive.
   * @param answer what TuShare said, as far as other calls are concerned; none when it said nothing.
   */
  used(cutShort?: boolean, answer?: CallAnswer): void;
}

/** TuShare gave rows, or an error that concerns this call alone; or it refused in a way that may close the API. */
export type CallAnswer = 'answered' | Refusal;

/** A classified refusal (src/tushare/classify.ts): what closures.ts makes of it stands there. */
export interface Refusal {
  type: TaskErrorType;
  /** Too many calls in a minute: the one refusal that is probed for its end (D9). */
  frequency: boolean;
  /** Shortest wait that TuShare named, in ms; null: none. */
  retry_after_ms: number | null;
  /** For people: TuShare's own words, free of secrets. */
  message: string;
}

/** The monotonic clock stands still while the machine sleeps; more difference to the wall clock than this tells, in ms. */
const CLOCKS_MAY_DIFFER_MS = 250;

/**
 * Whether a call may be written with the permit now. Both clocks must say so: the monotonic one can't be set, but it
 * stands still while the whole machine sleeps; the wall clock runs through that, but can be set back.
 * @param monotonic,wall the two clocks now, in ms
 */
export function mayBeUsed(
  { use_by, use_by_wall }: Pick<Permit, 'use_by' | 'use_by_wall'>,
  monotonic: number,
  wall: number,
): boolean {
  const left = use_by - monotonic;
  if (left <= 0) return false;
  return use_by_wall === undefined || Math.abs(use_by_wall - wall - left) <= CLOCKS_MAY_DIFFER_MS;
}

export interface PermitSource {
  /** Waits for a permit. @throws WindowClosed when none can come within 90 s. */
  acquire(api_name: string, options?: { interactive?: boolean; signal?: AbortSignal }): Promise<Permit>;
}

/** No permit before `until` (ms since the epoch): checkpoint, and give the thread back. */
export class WindowClosed extends Error {
  override readonly name = 'WindowClosed';
  readonly until: number;

  constructor(message: string, until: number) {
    super(message);
    this.until = until;
  }
}
