/**
 * `npm run bench:api`: how fast web answers while two supervisors have all their threads full (`daily` from the
 * simulator, with a backlog), and what 100 listeners of the live feed cost. One JSON line a figure, under two minutes.
 * The client, web, Redis, Postgres, the simulator and eight threads share the machine.
 */
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
import { percentile, report } from '../queue/measure.ts';

const DATASETS_PATH = fileURLToPath(new URL('./datasets', import.meta.url));
const TYPES = 8;
/** A task is a month of these years: small, so that there are always more than the threads can do. */
const YEARS = [1995, 2019] as const;
const A_SECOND = 200;
const SECONDS = 20;
const LISTENERS = 100;
/** Of `GET /tasks/:id` at p99, in ms. */
const TARGET_MS = 20;
/** Between two tasks a thread is free for some ms; below this share of busy ones, the figures are of something else. */
const FULL = 0.9;
const LOOK_EVERY_MS = 100;

/** Calls a minute: Dayline's own limit, at which threads mostly wait for the window; or any (--calls 10000: no limit). */
const { calls } = parseArgs({ options: { calls: { type: 'string', default: '195' } } }).values;

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
  const running = async () => {
    const { queue } = (await (await fetch(`${url}/health`)).json()) as { queue: { running: number } };
    return queue.running;
  };

  for (const dataset of ['trade_cal', 'stock_basic'])
    await ended(queue, await submit(queue, dataset), ({ status }) => status === 'completed', 60_000);
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
  const alone = await ask(url, ids);
  const aloneCpu = cpu();
  const listeners = await Promise.all(Array.from({ length: LISTENERS }, () => listen(url)));
  const before = cpu();
  const listened = await ask(url, ids);
  const withCpu = cpu() - before;
  const messages = listeners.reduce((sum, { count }) => sum + count(), 0);
  const { mean, pending } = await busy.end();
  for (const { close } of listeners) close();

  const note = `${mean.toFixed(2)} of ${TYPES} threads busy in the mean, ${pending} tasks left, ${refused} answers refused; ${A_SECOND}/s for ${SECONDS} s; ${calls} calls a minute`;
  const target = { is: '<=', value: TARGET_MS, of_peer: false } as const;
  const line = (axis: string, ours: number, more: object = {}) =>
    report({ bench: 'api', axis, ours, unit: 'ms', ...more });
  line('GET /tasks/:id, p50', percentile(alone, 0.5), { note });
  line('GET /tasks/:id, p99', percentile(alone, 0.99), { note, target });
  line(`the same with ${LISTENERS} listeners of /events, p50`, percentile(listened, 0.5));
  line(`the same with ${LISTENERS} listeners of /events, p99`, percentile(listened, 0.99), { target });
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

/** Asks at a steady pace, whatever the answers take. @returns ms from when each was due to its last byte */
async function ask(url: string, ids: string[]): Promise<number[]> {
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < A_SECOND * SECONDS; n += 1) {
    const due = began + (n * 1_000) / A_SECOND;
    const early = due - performance.now();
    if (early > 1) await delay(early);
    asked.push(
      get(`${url}/api/v1/tasks/${ids[n % ids.length]}`).then(() => void times.push(performance.now() - due)),
    );
  }
  await Promise.all(asked);
  return times;
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
