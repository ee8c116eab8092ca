/**
 * `npm run test:window [-- --limit 195 --window 60 --minutes 10 --no-faults --json file --arrivals file]`: the call window
 * at its true size.
 *
 * Four processes of three threads, their clocks up to 10 min wrong, call a simulator as much as the window lets them,
 * while processes and threads are killed, and processes frozen; a fifth process is a person that makes single calls.
 * Then, after an idle window, a full one at once. The simulator's log of arrivals judges. One line of JSON at the end;
 * exit code 1 when something is not as it must be.
 */
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { Redis } from 'ioredis';
import { loadConfig } from '../../src/config.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { CallWindow } from '../../src/limits/call-window.ts';
import { limitKeys, TOKEN_POOL } from '../../src/limits/limit-keys.ts';
import { poolUsage } from '../../src/limits/window-usage.ts';
import { createLogger } from '../../src/log.ts';
import { longRun } from '../support/long-run.ts';
import { freshRedis } from '../support/redis.ts';
import { simulatorProcess } from '../support/simulator.ts';
import type { Torn } from '../support/torn.ts';
import { Crowd, type Member } from './crowd.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '195' },
    window: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '10' },
    json: { type: 'string' },
    arrivals: { type: 'string' },
    'no-faults': { type: 'boolean', default: false },
  },
});
const limit = Number(values.limit);
const windowSeconds = Number(values.window);
const minutes = Number(values.minutes);

const LATENCY_MS = 200;
const CLOCKS_OFF_MS = [0, 600_000, -600_000, 1_500];
/** A person calls so often on the average. */
const PERSON_EVERY_MS = 4_000;
/** Every so often something happens to a process, in this order. */
const FAULT_EVERY_MS = Math.min(45_000, (minutes * 60_000) / 6);
const FAULTS = ['kill', 'kill_thread', 'freeze'] as const;
/** Longer than a permit is good, and longer than Bottleneck waits for a silent client (10 s). */
const FROZEN_MS = 12_000;

await longRun('window', async ({ torn, cache }) => {
  process.env.DAYLINE_TEST_REDIS = JSON.stringify(await findRedis(cache, console.log));
  const verdict = await run(torn);
  const line = JSON.stringify({ test: 'window', window_seconds: windowSeconds, minutes, ...verdict });
  if (values.json) fs.writeFileSync(values.json, `${line}\n`);
  console.log(line);
  return verdict.ok ? 0 : 1;
});

async function run(torn: Torn): Promise<Verdict> {
  const redis = await freshRedis(torn);
  const simulator = await simulatorProcess(torn);
  await simulator.setLimit(0);
  await simulator.setLatency(LATENCY_MS);
  const crowd = new Crowd(torn, {
    redisUrl: redis.url,
    simulatorUrl: simulator.url,
    limit,
    windowSeconds,
    threads: 3,
    inFlight: 8,
  });
  const members = await Promise.all(CLOCKS_OFF_MS.map((off) => crowd.start(off)));
  const person = await crowd.start(0, PERSON_EVERY_MS);
  await backlog(crowd, members);
  const log = (await simulator.log()).filter(({ api_name }) => api_name === 'trade_cal');
  for (const member of [...members, person]) await crowd.end(member);
  if (values.arrivals) {
    const lines = log.map(({ at, params }) => ({
      at,
      id: params.id,
      ...crowd.reports.get(String(params.id)),
    }));
    fs.writeFileSync(values.arrivals, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  console.log(`idle for a window, then ${limit} calls at once`);
  const people = [...crowd.reports.values()].filter((report) => report.person);
  return verdictOf({
    limit,
    windowMs: windowSeconds * 1000,
    arrivals: log.map(({ at, params }) => ({ at, id: String(params.id) })),
    checkedAt: (id) => crowd.reports.get(id)?.checkedAt,
    endedAt: (id) => crowd.reports.get(id)?.endedAt,
    holdings: crowd.holdings,
    waits: people.map(({ waitedMs }) => waitedMs),
    burstMs: await burst(torn, redis.url),
    latencyMs: LATENCY_MS,
  });
}

/** The backlog, with its faults and a progress bar. */
async function backlog(crowd: Crowd, members: Member[]): Promise<void> {
  const bar = new SingleBar({
    format: '{bar} {value}/{total} s  {what}',
    noTTYOutput: true,
    notTTYSchedule: 30_000,
  });
  const seconds = Math.round(minutes * 60);
  bar.start(seconds, 0, { what: 'calls as much as the window lets through' });
  const began = performance.now();
  let faults = 0;
  for (;;) {
    const passed = performance.now() - began;
    bar.update(Math.min(seconds, Math.round(passed / 1000)));
    if (passed >= seconds * 1000) break;
    const due = !values['no-faults'] && passed > (faults + 1) * FAULT_EVERY_MS;
    if (due && passed + FROZEN_MS < seconds * 1000) {
      const at = faults % members.length;
      const fault = FAULTS[faults++ % FAULTS.length] ?? 'kill';
      bar.update({ what: `${fault} ${members[at]?.name}` });
      members[at] = await hurt(crowd, members[at] as Member, fault, CLOCKS_OFF_MS[at] ?? 0);
    }
    await delay(250);
  }
  bar.stop();
}

/** @returns the process that stands in its place afterwards */
async function hurt(
  crowd: Crowd,
  member: Member,
  fault: (typeof FAULTS)[number],
  clockOffMs: number,
): Promise<Member> {
  if (fault === 'kill_thread') crowd.killThread(member);
  if (fault === 'freeze') await crowd.freeze(member, FROZEN_MS);
  if (fault !== 'kill') return member;
  await crowd.kill(member);
  return crowd.start(clockOffMs);
}

/** @returns ms that a full window of permits takes after an idle one */
async function burst(torn: Torn, redisUrl: string): Promise<number> {
  const config = loadConfig({
    TUSHARE_RATE_LIMIT_MAX_CALLS: String(limit),
    TUSHARE_RATE_LIMIT_WINDOW_SECONDS: String(windowSeconds),
  });
  const client = new Redis(redisUrl);
  torn.teardown(() => client.disconnect());
  const window = new CallWindow(client, config, createLogger('burst', 'error'));
  await window.start();
  torn.teardown(() => window.stop());
  while ((await poolUsage(client, limitKeys('stock').pool(TOKEN_POOL), limit)).used > 0) await delay(250);
  const began = performance.now();
  await Promise.all(Array.from({ length: limit }, () => window.acquire('trade_cal', { interactive: true })));
  return performance.now() - began;
}
