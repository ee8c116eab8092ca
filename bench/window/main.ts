/**
 * `npm run bench:window [-- --seconds 60 --true-scale]`: the call window beside what others offer, in one run on one
 * real Redis. 195 calls in 6 s over four processes: a backlog of 60 s each, then an idle window and the next burst,
 * which is where fixed windows let through twice as much. --true-scale: ours at 195 in 60 s too, for 5 min.
 * One JSON line a figure; docs/performance.md reads them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { mostInAnyWindow, utilisation } from '../../test/limits/support/judge.ts';
import { startBench } from '../queue/bench.ts';
import { installPeers } from '../queue/install.ts';
import { type Caller, CONTESTANTS, dayline, PROCESSES, type Window } from './contestants.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, 'true-scale': { type: 'boolean', default: false } },
});
const SCALED: Window = { limit: 195, windowMs: 6_000 };
const TRUE: Window = { limit: 195, windowMs: 60_000 };
/** How long a call takes, and how many one process has under way. */
const CALL_MS = 20;
const IN_FLIGHT = 12;

interface Result {
  utilisation: number;
  /** Most calls in any window, through the backlog and the burst after an idle window. */
  worst: number;
  /** Scripts that Redis ran for one call. */
  scripts: number;
  /** ms for one permit when nobody else asks. */
  idle_ms: number;
}

installPeers();
const bench = await startBench();
const results = new Map<string, Result>();
try {
  for (const [name, open] of Object.entries(CONTESTANTS)) {
    console.error(`${name} …`);
    await bench.clear();
    results.set(name, await measure(SCALED, Number(values.seconds) * 1000, () => open(bench.url, SCALED)));
  }
  reportAll();
  await bench.clear();
  report('burst_after_idle', await burst(), 'ms', { target: '<= 1000', ok: (ms) => ms <= 1_000 });
  if (values['true-scale']) {
    await bench.clear();
    const ours = await measure(TRUE, 300_000, () => dayline(bench.url, TRUE, false));
    report('utilisation_60s', ours.utilisation, 'share', { target: '>= 0.99', ok: (share) => share >= 0.99 });
    report('worst_window_60s', ours.worst, 'calls', { target: '<= 195', ok: (calls) => calls <= 195 });
  }
} finally {
  await bench.stop();
}
process.exit(0); // what a contestant leaves behind must not keep it alive

async function measure(window: Window, ms: number, open: () => Promise<Caller>): Promise<Result> {
  const callers = await Promise.all(Array.from({ length: PROCESSES }, open));
  const before = await scriptsRun();
  const arrivals: number[] = [];
  await backlog(callers, ms, arrivals);
  const steady = [...arrivals];
  const scripts = ((await scriptsRun()) - before) / steady.length;
  await delay(window.windowMs * 1.2);
  await backlog(callers, window.windowMs * 2.2, arrivals);
  for (const caller of callers) await caller.stop();
  const alone = await open();
  await delay(window.windowMs * 1.2);
  const idle_ms = await one(alone);
  await alone.stop();
  return {
    utilisation: utilisation(steady, window.limit, window.windowMs),
    worst: mostInAnyWindow(arrivals, window.windowMs),
    scripts,
    idle_ms,
  };
}

async function backlog(callers: Caller[], ms: number, arrivals: number[]): Promise<void> {
  const ends = performance.now() + ms;
  const over = () => performance.now() >= ends;
  const work = async () => {
    arrivals.push(performance.now());
    await delay(CALL_MS);
  };
  await Promise.all(callers.map((caller) => caller.run(IN_FLIGHT, work, over)));
}

/** ms from asking until the one call begins. */
async function one(caller: Caller): Promise<number> {
  let done = false;
  const asked = performance.now();
  let took = 0;
  const work = async () => {
    if (!done) took = performance.now() - asked;
    done = true;
  };
  await caller.run(1, work, () => done);
  return took;
}

/** ms for a full window of calls by people, after an idle one. */
async function burst(): Promise<number> {
  const caller = await dayline(bench.url, SCALED, true);
  const began = performance.now();
  let calls = 0;
  const work = async () => {
    calls += 1;
  };
  await caller.run(SCALED.limit, work, () => calls >= SCALED.limit);
  const took = performance.now() - began;
  await caller.stop();
  return took;
}

/** Scripts that Redis has run so far. */
async function scriptsRun(): Promise<number> {
  const client = new Redis(bench.url);
  const stats = await client.info('commandstats');
  client.disconnect();
  const counts = [...stats.matchAll(/^cmdstat_(?:evalsha|eval):calls=(\d+)/gm)].map(([, calls]) =>
    Number(calls),
  );
  return counts.reduce((sum, calls) => sum + calls, 0);
}

function reportAll(): void {
  const ours = results.get('dayline');
  if (!ours) return;
  for (const [name, peer] of results) {
    if (name === 'dayline') continue;
    const against = { peer: name };
    report('utilisation', ours.utilisation, 'share', {
      ...against,
      peer_value: peer.utilisation,
      target: '>= 0.99',
      ok: (share) => share >= 0.99,
    });
    report('worst_window', ours.worst, 'calls', {
      ...against,
      peer_value: peer.worst,
      target: '<= 195',
      ok: (calls) => calls <= SCALED.limit,
    });
    report('scripts_per_permit', ours.scripts, 'scripts', { ...against, peer_value: peer.scripts });
    report('idle_permit', ours.idle_ms, 'ms', { ...against, peer_value: peer.idle_ms });
  }
}

function report(
  axis: string,
  ours: number,
  unit: string,
  rest: { peer?: string; peer_value?: number; target?: string; ok?: (ours: number) => boolean },
): void {
  const { peer = null, peer_value, target = null, ok } = rest;
  const rounded = (value: number) => Number(value.toPrecision(4));
  console.log(
    JSON.stringify({
      bench: 'window',
      axis,
      ours: rounded(ours),
      unit,
      peer,
      peer_value: peer_value === undefined ? null : rounded(peer_value),
      ratio: peer_value ? rounded(ours / peer_value) : null,
      target,
      ok: ok ? ok(ours) : null,
    }),
  );
}
