/** One call as the simulator saw it. Field names are those of the control endpoint's answer. */
export interface Arrival {
  /** Monotonic ms (float) at which the request's headers arrived. */
  readonly at: number;
  api_name: string;
  params: Readonly<Record<string, unknown>>;
  token_ok: boolean;
  /** The code answered; null while, or because, nothing in TuShare's protocol was answered. */
  code: number | null;
  rows: number;
  /** Name of the fault that was applied to this call. */
  fault: string | null;
}

const MOST_ENTRIES = 250_000;

/** The calls in order of arrival, newest 250,000: the judge of tests about the call window. */
export class ArrivalLog {
  #entries: Arrival[] = [];

  /** Records a call at the moment its headers arrive; what it asked for is filled in later. */
  arrived(at: number): Arrival {
    const entry = { at, api_name: '', params: {}, token_ok: false, code: null, rows: 0, fault: null };
    this.#entries.push(entry);
    // Cut in large steps: moving the array costs as much for one entry as for many.
    if (this.#entries.length >= MOST_ENTRIES * 1.2) this.#entries = this.#entries.slice(-MOST_ENTRIES);
    return entry;
  }

  /** Calls that arrived later than `since` (monotonic ms). */
  since(since: number): Arrival[] {
    return this.#entries.filter((entry) => entry.at > since);
  }

  clear(): void {
    this.#entries = [];
  }
}

/** The most calls that any trailing window of `windowMs` held: calls in (t − windowMs, t], over all t. */
export function worstWindow(log: readonly Pick<Arrival, 'at'>[], windowMs: number): number {
  const times = log.map((entry) => entry.at).sort((a, b) => a - b);
  let oldest = 0;
  let worst = 0;
  for (const [index, at] of times.entries()) {
    while ((times[oldest] ?? at) <= at - windowMs) oldest++;
    worst = Math.max(worst, index - oldest + 1);
  }
  return worst;
}
