/** One contestant on a Redis of its own: four callers with a backlog, an idle window, the next burst, single permits. */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { mostInAnyWindow, utilisation } from '../../test/limits/support/judge.ts';
import { quantile, violationsOf } from '../../test/window/verdict.ts';
import type { Bench } from '../queue/bench.ts';
import { type Caller, type Contestant, PROCESSES, type Window } from './contestants.ts';

/** How long a call takes, and how many one process has under way. */
const CALL_MS = 20;
const IN_FLIGHT = 12;
/** Calls of the second backlog last for so many windows: the burst after an idle one, and what follows it. */
const AFTER_IDLE_WINDOWS = 2.2;
const IDLE_WINDOWS = 1.2;
const SINGLE_PERMITS = 20;

export interface Result {
  /** window ÷ mean(t[i + limit] − t[i]), in the first backlog. */
  utilisation: number;
  /** Most calls in any window, and calls that came too early, in both backlogs. */
  worst: number;
  violations: number;
  /** For one call, in the backlog: commands that clients sent to Redis, and ms of its CPU. */
  commands: number;
  redis_ms: number;
  /** ms for one permit when nobody else asks, median; null: it has none without a job. */
  idle_ms: number | null;
}

/** @param told is called every now and then with the number of calls so far */
export async function measure(
  bench: Bench,
  window: Window,
  ms: number,
  open: Contestant,
  told: (calls: number) => void,
): Promise<Result> {
  await bench.clear();
  const callers = await Promise.all(Array.from({ length: PROCESSES }, () => open(bench.url, window)));
  const arrivals: number[] = [];
  const telling = setInterval(() => told(arrivals.length), 10_000);
  try {
    const cpu = await redisCpuMs(bench.url);
    await backlog(callers, ms, arrivals);
    const redis_ms = ((await redisCpuMs(bench.url)) - cpu) / arrivals.length;
    const steady = [...arrivals];
    await delay(window.windowMs * IDLE_WINDOWS);
    const sent = await commandsSent(bench.url);
    await backlog(callers, window.windowMs * AFTER_IDLE_WINDOWS, arrivals);
    const commands = sent.stop() / (arrivals.length - steady.length);
    await delay(window.windowMs * IDLE_WINDOWS);
    return {
      utilisation: utilisation(steady, window.limit, window.windowMs),
      worst: mostInAnyWindow(arrivals, window.windowMs),
      violations: violationsOf(arrivals, window.limit, window.windowMs),
      commands,
      redis_ms,
      idle_ms: await singlePermit(callers[0]),
    };
  } finally {
    clearInterval(telling);
    for (const caller of callers) await caller.stop();
  }
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

async function singlePermit(caller: Caller | undefined): Promise<number | null> {
  if (!caller?.permit) return null;
  const took: number[] = [];
  for (let permit = 0; permit < SINGLE_PERMITS; permit += 1) {
    const asked = performance.now();
    await caller.permit();
    took.push(performance.now() - asked);
  }
  return quantile(
    took.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Counts what clients send, not what scripts run. @returns how to end it, with the count */
async function commandsSent(url: string): Promise<{ stop(): number }> {
  const client = new Redis(url);
  const monitor = await client.monitor();
  let commands = 0;
  monitor.on('monitor', (_time: string, _args: string[], source: string) => {
    if (source !== 'lua') commands += 1;
  });
  return {
    stop() {
      monitor.disconnect();
      client.disconnect();
      return commands;
    },
  };
}

async function redisCpuMs(url: string): Promise<number> {
  const client = new Redis(url);
  const info = await client.info('cpu');
  client.disconnect();
  const seconds = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1_000;
}
