/**
 * `npm run bench:api`: how fast web answers while two supervisors have all their threads full (`daily` from the
 * simulator, with a backlog), and what 100 listeners of the live feed cost. One JSON line a figure, three minutes. A
 * minute each, so that the burst at the opening of a window and the quiet after it are both in. The client, web, Redis,
 * Postgres, the simulator and eight threads share the machine; a bare server (bare.ts) is asked beside web, and tells
 * what the machine takes from anybody.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { PRIORITIES } from '../../src/queue/task.ts';
import { program } from '../../test/support/cli.ts';
import { longRun } from '../../test/support/long-run.ts';
import { until as ended, submit } from '../../test/support/queue.ts';
import { startStack } from '../../test/support/stack.ts';
import { startSupervisor } from '../../test/support/supervisor.ts';
import type { Torn } from '../../test/support/torn.ts';
import { percentile, report } from '../queue/measure.ts';

const DATASETS_PATH = fileURLToPath(new URL('./datasets', import.meta.url));
const TYPES = 8;
/** A task is a month of these years: small, so that there are always more than the threads can do. */
const YEARS = [1995, 2019] as const;
const A_SECOND = 200;
/** A whole window. */
const SECONDS = 60;
/** The bare server is asked so much less often, so that it is little load of its own. */
const OF_BARE = 10;
const WARM_UP_SECONDS = 5;
const LISTENERS = 100;
/** Of `GET /tasks/:id` at p99, in ms. */
const TARGET_MS = 20;
/** Between two tasks a thread is free for some ms; below this share of busy ones, the figures are of something else. */
const FULL = 0.9;
const LOOK_EVERY_MS = 100;

/** Calls a minute: Dayline's own limit, at which threads mostly wait for the window; or any (--calls 10000: no limit). */
const { calls } = parseArgs({ options: { calls: { type: 'string', default: '195' } } }).values;

const BARE = 'node:http and one HGETALL';

/** Answers other than 200. */
let refused = 0;
const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });

await longRun('bench-api', async ({ torn: t, folder, cache, say }) => {
  process.env.DAYLINE_TEST_REDIS = JSON.stringify(await findRedis(cache, console.error));
  const postgres = await startPostgres({ home: path.join(folder, 'home'), cache });
  t.teardown(() => postgres.stop());
  process.env.DAYLINE_TEST_POSTGRES = postgres.url;
  const { env, queue, simulator } = await startStack(t, {
    DATASETS_PATH,
    TUSHARE_RATE_LIMIT_MAX_CALLS: calls,
    PORT: '0',
  });
  await simulator.setLimit(0);
  await Promise.all([startSupervisor(t, env), startSupervisor(t, env)]);
  const web = program(t, 'web.ts', [], { LOG_LEVEL: 'warn', ...env });
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(await web.prints(/http:\/\/127\.0\.0\.1:\d+/)) ?? [];
  const bareUrl = await startBare(t, env);
  const running = async () => {
    const { queue } = (await (await fetch(`${url}/health`)).json()) as { queue: { running: number } };
    return queue.running;
  };

  for (const dataset of ['trade_cal', 'stock_basic'])
    await ended(queue, await submit(queue, dataset), ({ status }) => status === 'completed', 60_000);
  const ended_ids = (await queue.list()).tasks.map(({ task_id }) => task_id);
  const warmed = { url, bareUrl, ids: ended_ids };
  await ask(warmed, WARM_UP_SECONDS); // a person's first look at a page is not the question here
  const ids: string[] = [];
  for (const params of months())
    for (let n = 1; n <= TYPES; n += 1) {
      // of high priority, as any thread takes these; one of each supervisor takes nothing else
      ids.push(
        await submit(queue, `bars_${n}`, {
          mode: 'history',
          params,
          priority: PRIORITIES.high,
          timeout_seconds: 600,
        }),
      );
    }
  await until(async () => (await running()) === TYPES);

  say(`${TYPES} threads are full; asking for ${SECONDS} s, then with ${LISTENERS} listeners again`);
  const cpu = cpuMsOf(web.child.pid as number);
  const busy = watchThreads(queue);
  const asked = { url, bareUrl, ids };
  const alone = await ask(asked, SECONDS);
  const aloneCpu = cpu();
  const listeners = await Promise.all(Array.from({ length: LISTENERS }, () => listen(url)));
  const before = cpu();
  const listened = await ask(asked, SECONDS);
  const withCpu = cpu() - before;
  const messages = listeners.reduce((sum, { count }) => sum + count(), 0);
  const { mean, pending } = await busy.end();
  for (const { close } of listeners) close();

  const note = `${mean.toFixed(2)} of ${TYPES} threads busy in the mean, ${pending} tasks left, ${refused} answers refused; ${A_SECOND}/s for ${SECONDS} s, of ${BARE} a tenth of that; ${calls} calls a minute`;
  const target = { is: '<=', value: TARGET_MS, of_peer: false } as const;
  const line = (axis: string, ours: number, more: object = {}) =>
    report({ bench: 'api', axis, ours, unit: 'ms', ...more });
  const figures = (axis: string, { web, bare }: Times) => {
    const beside = (share: number) => ({ peer: BARE, peer_value: percentile(bare, share) });
    line(`${axis}, p50`, percentile(web, 0.5), { ...beside(0.5), note });
    line(`${axis}, p99`, percentile(web, 0.99), { ...beside(0.99), target, note });
  };
  figures('GET /tasks/:id', alone);
  figures(`the same with ${LISTENERS} listeners of /events`, listened);
  line('CPU of web a second, without listeners', aloneCpu / SECONDS);
  line(`CPU of web a second, with ${LISTENERS}`, withCpu / SECONDS, {
    note: `${messages} messages were heard`,
  });
  // otherwise these are figures of something else
  return refused === 0 && pending > 0 && mean >= FULL * TYPES ? 0 : 1;
});

function months(): { start_date: string; end_date: string }[] {
  const [first, last] = YEARS;
  return Array.from({ length: (last - first + 1) * 12 }, (_, n) => {
    const month = `${first + Math.floor(n / 12)}${String((n % 12) + 1).padStart(2, '0')}`;
    return { start_date: `${month}01`, end_date: `${month}28` };
  });
}

/** Counts what runs, again and again, at the queue itself: web is asked nothing more for it. */
function watchThreads(queue: Queue) {
  const counts: number[] = [];
  let pending = 0;
  let ended = false;
  const looking = (async () => {
    while (!ended) {
      const depth = await queue.depth();
      counts.push(depth.running);
      pending = depth.pending;
      await delay(LOOK_EVERY_MS);
    }
  })();
  return {
    async end() {
      ended = true;
      await looking;
      return { mean: counts.reduce((sum, count) => sum + count, 0) / counts.length, pending };
    },
  };
}

/** In ms, from when each was due to its last byte. */
interface Times {
  web: number[];
  bare: number[];
}

/** Asks at a steady pace, whatever the answers take. */
async function ask(
  { url, bareUrl, ids }: { url: string; bareUrl: string; ids: string[] },
  seconds: number,
): Promise<Times> {
  const times: Times = { web: [], bare: [] };
  const asked: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < A_SECOND * seconds; n += 1) {
    const due = began + (n * 1_000) / A_SECOND;
    const early = due - performance.now();
    if (early > 1) await delay(early);
    const id = ids[n % ids.length];
    const timed = (answer: Promise<void>, of: number[]) =>
      asked.push(answer.then(() => void of.push(performance.now() - due)));
    timed(get(`${url}/api/v1/tasks/${id}`), times.web);
    // half a pace away from web's, so that neither waits for the other in this client
    if (n % OF_BARE === 0)
      timed(
        delay(500 / A_SECOND).then(() => get(`${bareUrl}/${id}`)),
        times.bare,
      );
  }
  await Promise.all(asked);
  return { ...times, bare: times.bare.map((ms) => ms - 500 / A_SECOND) };
}

async function startBare(t: Torn, env: Record<string, string>): Promise<string> {
  const child = fork(new URL('./bare.ts', import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: [],
  });
  t.teardown(() => child.kill());
  const [port] = await once(child, 'message');
  return `http://127.0.0.1:${port}`;
}

function get(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        if (response.statusCode !== 200) refused += 1;
        response.resume().once('end', resolve);
      })
      .once('error', reject);
  });
}

/** A listener of the live feed; it counts the messages it hears. */
async function listen(url: string) {
  let heard = 0;
  const request = http.get(`${url}/api/v1/events`, { agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => {
      heard += text.split('\nevent:').length - 1 + (text.startsWith('event:') ? 1 : 0);
    });
  });
  request.on('error', () => {}); // it is cut off by close()
  await new Promise((resolve) => request.once('response', resolve));
  return { count: () => heard, close: () => request.destroy() };
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 600; looks += 1) {
    if (await done()) return;
    await delay(100);
  }
  throw new Error('not so within a minute');
}

/** @returns a function that tells the CPU, in ms, that the process has used since this call (Linux, ticks of 10 ms) */
function cpuMsOf(pid: number): () => number {
  const used = () => {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const before = used();
  return () => used() - before;
}
