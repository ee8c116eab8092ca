/**
 * What the simulator costs: start-up, a year of whole-market days, calls a second, memory. The server runs in a
 * process of its own; a Node client asks for days one after the other, then with 8 calls in flight.
 *
 * node bench/simulator.ts [folder of recorded data]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });
const data = process.argv[2] ?? '';

/** User and system CPU of a process in ms, and its resident memory in MB (Linux). */
function usage(pid: number): { cpuMs: number; rssMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const rssKb = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]);
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, rssMb: rssKb / 1024 };
}

/** One call; resolves with the bytes of its body and the ms it took. */
function call(url: string, api_name: string, params: object): Promise<{ body: Buffer; ms: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('end', () => resolve({ body: Buffer.concat(pieces), ms: performance.now() - began }));
    });
    asked.once('error', reject);
    // A token of its own each time: the per-minute limit is not what is measured.
    asked.end(JSON.stringify({ api_name, token: `t${Math.random()}`, params }));
  });
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const ms = (value: number) => `${value.toFixed(1)} ms`;

const began = performance.now();
const child = fork(new URL('../src/bin/simulator.ts', import.meta.url), {
  env: { PATH: process.env.PATH, SIMULATOR_DATA: data },
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const [{ url }] = await once(child, 'message');
const pid = child.pid ?? 0;
console.log(`${data ? 'recorded data' : 'generated market'}: ready after ${ms(performance.now() - began)}`);
console.log(`at rest: ${usage(pid).rssMb.toFixed(0)} MB`);

const cold = await call(url, 'daily', { trade_date: '20190102' });
console.log(`first day, cold: ${ms(cold.ms)}, ${(cold.body.length / 1000).toFixed(0)} kB`);
const calendar = await call(url, 'trade_cal', { start_date: '20190101', end_date: '20191231', is_open: '1' });
const days: string[] = JSON.parse(calendar.body.toString()).data.items.map((item: string[]) => item[1]);
for (const round of ['a year, first time', 'a year, again']) {
  const before = usage(pid);
  const times: number[] = [];
  const start = performance.now();
  for (const day of days) times.push((await call(url, 'daily', { trade_date: day })).ms);
  const wallMs = performance.now() - start;
  const after = usage(pid);
  console.log(
    `${round}: ${days.length} days, median ${ms(median(times))}, worst ${ms(Math.max(...times))}, wall ${ms(wallMs)}, ` +
      `server CPU ${after.cpuMs - before.cpuMs} ms, ${after.rssMb.toFixed(0)} MB`,
  );
}
const large = [];
for (let n = 0; n < 20; n++) large.push((await call(url, 'daily', { trade_date: '20251218' })).ms);
console.log(`a day of 2025 (5,200 to 5,450 rows), kept: median ${ms(median(large))}`);

for (const [name, params, count] of [
  ['trade_cal', { start_date: '20261231' }, 4000],
  ['daily', { trade_date: '20190103' }, 800],
] as const) {
  const start = performance.now();
  let left: number = count;
  const client = async () => {
    while (left-- > 0) await call(url, name, params);
  };
  await Promise.all(Array.from({ length: 8 }, client));
  console.log(`${name}, 8 in flight: ${((count / (performance.now() - start)) * 1000).toFixed(0)} calls/s`);
}
console.log(`at the end: ${usage(pid).rssMb.toFixed(0)} MB`);
agent.destroy();
child.kill('SIGTERM');
