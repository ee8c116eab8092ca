/**
 * `npm run bench:ingest [-- --axis pipeline|upsert_many|python|memory …]`: rows a second of the whole pipeline (a TuShare that answers at once → parse → check → COPY →
 * merge → ledger), in one run beside psql, MikroORM's upsertMany and what Python users do, on one embedded Postgres;
 * then the memory of a thread. One JSON line a figure; under five minutes. docs/performance.md reads them. A target
 * that is missed is a figure and not a failure; exit code 1 when an axis could not be measured.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Figure, median, report } from '../queue/measure.ts';
import { daysOf } from './market.ts';
import { upsertMany } from './peers/upsert-many.ts';
import { type Ingested, Pipeline } from './pipeline.ts';
import { findPsql, psqlRun } from './psql.ts';
import { findPython } from './python.ts';

const STOCKS = 5_400;
const DAYS = 40;
const ROUNDS = 3;
/** The slow peers store fewer days: their speed doesn't depend on it. */
const PEER_DAYS = 5;
const MEMORY_UNITS = [10, 100, 400];
/** More than half of the cap, so that no two days share a call. */
const MEMORY_STOCKS = 3_100;

const { values } = parseArgs({ options: { axis: { type: 'string', multiple: true } } });
const wanted = (name: string) => values.axis?.includes(name) ?? true;

const pipeline = await Pipeline.start();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => pipeline.stop().finally(() => process.exit(130)));
let failed = false;
try {
  await pipeline.open(STOCKS, DAYS);
  if (wanted('pipeline')) await axis('pipeline', pipelineAndPsql);
  if (wanted('upsert_many')) await axis('upsert_many', besideUpsertMany);
  if (wanted('python')) await axis('python', besidePython);
  if (wanted('memory')) await axis('memory', memory);
} finally {
  await pipeline.stop();
}
process.exitCode = failed ? 1 : 0;

/** Rows a second of ours where the ledger knows nothing, and of each row merged into what is there. */
async function pipelineAndPsql(): Promise<void> {
  const viaPsql = psqlRun(await findPsql(), pipeline.databaseUrl, pipeline.subfolder('psql'), DAYS, STOCKS);
  const speeds = {
    psql: [] as number[],
    absent: [] as number[],
    known: [] as number[],
    unchanged: [] as number[],
    two: [] as number[],
  };
  await pipeline.supervisor(2);
  await pipeline.ingest(['bars_one', 'bars_two'], 10); // both threads have compiled what they run
  for (let round = 0; round < ROUNDS; round++) {
    await pipeline.empty('emptied');
    speeds.psql.push(speed(await viaPsql()));
    await pipeline.empty('emptied');
    speeds.absent.push(speed(await pipeline.ingest(['bars_one'], DAYS)));
    await pipeline.empty('kept');
    speeds.known.push(speed(await pipeline.ingest(['bars_one'], DAYS)));
    speeds.unchanged.push(speed(await pipeline.ingest(['bars_one'], DAYS)));
    await pipeline.empty('emptied');
    speeds.two.push(speed(await pipeline.ingest(['bars_one', 'bars_two'], DAYS)));
  }
  await pipeline.endSupervisors();
  const peer = { unit: 'rows/s', peer: 'psql \\copy', peer_value: median(speeds.psql) };
  tell({ axis: 'absent_1_thread', ours: median(speeds.absent), ...peer, target: atLeast(0.6) });
  tell({ axis: 'known_1_thread', ours: median(speeds.known), ...peer, target: atLeast(0.4) });
  tell({ axis: 'unchanged_1_thread', ours: median(speeds.unchanged), ...peer });
  tell({ axis: 'absent_2_threads', ours: median(speeds.two), ...peer, target: atLeast(0.6) });
}

async function besideUpsertMany(): Promise<void> {
  const theirs = () => upsertMany(pipeline.apiUrl, pipeline.databaseUrl, daysOf(PEER_DAYS));
  tell({ axis: 'upsert_many', peer: 'MikroORM upsertMany', ...(await inTurns('kept', theirs)) });
}

async function besidePython(): Promise<void> {
  const { binary, env, versions } = await findPython();
  const program = fileURLToPath(new URL('./peers/today.py', import.meta.url));
  const today = async (way: string): Promise<Ingested> => {
    const args = [program, way, pipeline.apiUrl, 'bars_one', ...daysOf(PEER_DAYS)];
    const BENCH_DATABASE = pipeline.databaseUrl.replace(/^postgres:/, 'postgresql:');
    const { stdout } = await promisify(execFile)(binary, args, { env: { ...env, BENCH_DATABASE } });
    return JSON.parse(stdout);
  };
  // to_sql appends, so that ours stands beside it where it only has to insert
  const appended = await inTurns('emptied', () => today('to_sql'));
  tell({ axis: 'to_sql', peer: 'pandas to_sql', ...appended, target: atLeast(5), note: versions });
  const upserted = await inTurns('kept', () => today('execute_values'));
  tell({ axis: 'execute_values', peer: 'psycopg2', ...upserted, target: atLeast(2), note: versions });
}

/** Rows a second of ours with one thread and of a peer, one after the other, each into an empty table. */
async function inTurns(
  ledger: 'emptied' | 'kept',
  peer: () => Promise<Ingested>,
): Promise<Pick<Figure, 'ours' | 'unit' | 'peer_value'>> {
  const speeds = { ours: [] as number[], peer: [] as number[] };
  await pipeline.supervisor(1);
  await pipeline.ingest(['bars_one'], 10);
  for (let round = 0; round < ROUNDS; round++) {
    await pipeline.empty(ledger);
    speeds.ours.push(speed(await pipeline.ingest(['bars_one'], DAYS)));
    await pipeline.empty(ledger);
    speeds.peer.push(speed(await peer()));
  }
  await pipeline.endSupervisors();
  return { ours: median(speeds.ours), unit: 'rows/s', peer_value: median(speeds.peer) };
}

/** Most memory of a supervisor with one thread, and of the heap in that thread, by the length of the sync. */
async function memory(): Promise<void> {
  await pipeline.open(MEMORY_STOCKS, Math.max(...MEMORY_UNITS));
  const heaps: number[] = [];
  for (const units of MEMORY_UNITS) {
    await pipeline.empty('emptied');
    const folder = pipeline.subfolder(`heaps-${units}`);
    const pid = await pipeline.supervisor(1, { BENCH_HEAP_FOLDER: folder });
    await pipeline.ingest(['bars_one'], units);
    const { rss_mb, heap_mb } = pipeline.memory(pid, folder);
    await pipeline.endSupervisors();
    heaps.push(heap_mb);
    tell({
      axis: `memory_${units}_units`,
      ours: heap_mb,
      unit: 'MB heap of the thread',
      note: `RSS of the process ${Math.round(rss_mb)} MB`,
    });
  }
  const [, hundred = 0, most = 0] = heaps;
  tell({
    axis: 'memory_bounded',
    ours: most,
    unit: 'MB',
    peer: '100 units',
    peer_value: hundred,
    target: { is: '<=', value: 1.25, of_peer: true },
  });
}

function speed({ rows, seconds }: Ingested): number {
  return rows / seconds;
}

function atLeast(value: number): Figure['target'] {
  return { is: '>=', value, of_peer: true };
}

function tell(figure: Figure): void {
  report({ bench: 'ingest', ...figure });
}

/** An axis that can't be measured says so, and the others go on. */
async function axis<T>(name: string, measure: () => Promise<T>): Promise<T | undefined> {
  try {
    return await measure();
  } catch (error) {
    failed = true;
    console.error(`${name} could not be measured:`, error);
    tell({ axis: name, ours: 'not measured', unit: '', ok: false, note: String(error).slice(0, 300) });
    return undefined;
  }
}
