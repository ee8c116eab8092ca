/** How the benchmarks measure and report: medians, one JSON line a figure, and a wait for a machine at rest. */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** Every figure is the median of so many rounds; ours and the peer's take turns. */
export const ROUNDS = 5;

/** What a figure has to be: against the peer (`x`) or by itself. */
export interface Target {
  is: '>' | '>=' | '<=';
  value: number;
  /** true: of ours divided by the peer's; false: of ours. */
  of_peer: boolean;
}

export interface Figure {
  /** Which benchmark; `queue` where it is left out. */
  bench?: string;
  axis: string;
  ours: number | string;
  unit: string;
  peer?: string;
  peer_value?: number | string;
  target?: Target;
  /** Where a number can't say it. */
  ok?: boolean;
  note?: string;
}

/** Prints one figure as a JSON line. `load`: the load average of the last minute, our own included. */
export function report(figure: Figure): void {
  const { bench = 'queue', axis, unit, peer = null, target, note } = figure;
  const ours = rounded(figure.ours);
  const peer_value = rounded(figure.peer_value ?? null);
  const ratio =
    typeof figure.ours === 'number' && typeof figure.peer_value === 'number'
      ? rounded(figure.ours / figure.peer_value)
      : null;
  console.log(
    JSON.stringify({
      bench,
      axis,
      ours,
      unit,
      peer,
      peer_value,
      ratio,
      target: target ? `${target.is} ${target.value}${target.of_peer ? ' x' : ''}` : null,
      ok: figure.ok ?? (target ? reached(figure, target) : null),
      load: rounded(loadavg()[0] ?? 0),
      ...(note ? { note } : {}),
    }),
  );
}

function reached(figure: Figure, target: Target): boolean {
  const ours = Number(figure.ours);
  const value = target.of_peer ? ours / Number(figure.peer_value) : ours;
  if (target.is === '>') return value > target.value;
  return target.is === '>=' ? value >= target.value : value <= target.value;
}

function rounded<T>(value: T): T | number {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

/** @param share 0..1. @returns the smallest value that so large a share of them doesn't exceed */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Milliseconds by one clock for every process of this machine (CLOCK_MONOTONIC). */
export const nowMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Waiting for a machine at rest may cost a run this much, in ms; after that, `load` has to tell. */
let patienceMs = 30_000;

/** Waits until the machine has been at rest for a quarter of a second: others may work on it too. 3 s at the most. */
export async function quiet(): Promise<void> {
  const end = nowMs() + Math.min(3_000, patienceMs);
  while (nowMs() < end) {
    const before = processorTicks();
    await delay(250);
    patienceMs -= 250;
    const after = processorTicks();
    if ((after.idle - before.idle) / (after.all - before.all) > 0.9) return;
  }
}

/** Linux: idle and all ticks of all cores since boot. Elsewhere nothing is known, so nothing is waited for. */
function processorTicks(): { idle: number; all: number } {
  try {
    const fields = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]
      ?.trim()
      .split(/\s+/)
      .slice(1)
      .map(Number);
    const [, , , idle = 0, wait = 0] = fields ?? [];
    return { idle: idle + wait, all: (fields ?? []).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return { idle: nowMs(), all: 0 };
  }
}
