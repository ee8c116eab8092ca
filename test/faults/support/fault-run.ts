/**
 * One run of the fault suite: servers and supervisors of its own, tasks submitted all along, faults by the schedule,
 * then quiet until every task has ended, then the checks.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../../../src/config.ts';
import type { RedisBinary } from '../../../src/embedded/redis-binary.ts';
import type { Execution } from '../../../src/queue/execution.ts';
import { Queue } from '../../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../../src/queue/redis.ts';
import { type Task, TERMINAL_STATUSES } from '../../../src/queue/task.ts';
import { migrate } from '../../../src/store/migrate.ts';
import type { Torn } from '../../support/torn.ts';
import { type Act, actAtRandom } from './acts.ts';
import { type Evidence, type Finding, judge } from './checks.ts';
import { type Crew, hireCrew } from './crew.ts';
import { followEvents } from './event-log.ts';
import { lostSubmissions, UNWRITTEN_MS } from './excuses.ts';
import { Injector, type Struck } from './inject.ts';
import { blockOwners } from './late-comers.ts';
import { makeLedger, readLedger, readRefusals } from './ledger.ts';
import { findLeftovers } from './leftovers.ts';
import { withRetries } from './lineage.ts';
import { persistently } from './persistently.ts';
import { seeded } from './random.ts';
import { makeSchedule, SUPERVISORS } from './schedule.ts';
import { startPostgresServer, startRedisServer } from './servers.ts';
import { type Job, makeJob, makeLateComers, makeWorkload, type Submission } from './workload.ts';

export interface FaultRunOptions {
  seed: number;
  tasks: number;
  faults: number;
  /** Mean pause between faults, in ms. */
  gap_ms: number;
  /** Longest step of a task, in ms. */
  step_ms: number;
  /** After the last fault: for how long it may be that no task ends, in ms. A busy machine takes longer, and does not stand still. */
  drain_ms: number;
  binary: RedisBinary;
  appendfsync: 'always' | 'everysec';
  /** Where the binaries of Postgres are, or are put. */
  cache: string;
  say(line: string): void;
}

export interface FaultRun {
  seed: number;
  findings: Map<string, Finding[]>;
  evidence: Evidence;
  timeline: readonly Struck[];
  crew: Crew;
  /** Events that Redis had told, and did not know any more after a kill -9. */
  lostEvents: number;
  /** From the first submission to the last end, in ms. */
  took_ms: number;
}

/** A person acts once in so many faults. */
const ACTS_EVERY = 2;

/** A seed nobody chose. */
export const anySeed = (): number => randomInt(2 ** 31);

/** @throws Error when the run itself can't be carried out; what the product did wrong is in the findings. */
export async function faultRun(t: Torn, options: FaultRunOptions): Promise<FaultRun> {
  const { seed, say } = options;
  say(`seed ${seed}`);
  const random = seeded(seed);
  const schedule = makeSchedule(random, options.faults, options.gap_ms);
  const troubles = schedule.filter(({ kind }) => kind.startsWith('thread'));
  const submissions = makeWorkload(random, { ...options, tasks: options.tasks - troubles.length });
  const spare = {
    spins: troubles.map((_, n) => makeJob(random, 'spins', options.tasks + n, options)),
    exits: troubles.map((_, n) => makeJob(random, 'exits', 2 * options.tasks + n, options)),
  };

  const redis = await startRedisServer(t, options.binary, options.appendfsync);
  const postgres = await startPostgresServer(t, options.cache);
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    TASK_RETRY_BASE_SECONDS: '1',
  };
  await migrate(loadConfig(env));
  await makeLedger(postgres.url);
  const queue = await openQueueOf(t, redis.url);
  const log = followEvents(t, redis.url, queue.keys.events);
  const crew = await hireCrew(t, SUPERVISORS, env);

  const began = performance.now();
  const submitted: Job[] = [];
  const acknowledged: Evidence['submitted'][number][] = [];
  const submit = async (submission: Submission) => {
    await persistently(() => submitOnce(queue, submission));
    submitted.push(...submission.jobs);
    for (const { task } of submission.jobs) acknowledged.push({ task_id: task.task_id, at: Date.now() });
  };
  const acts: Act[] = [];
  const person = seeded(seed + 1);
  const trouble = (nature: 'spins' | 'exits') =>
    submit({ execution_id: null, jobs: [spare[nature].shift() as Job] });
  let lostEvents = 0;
  const redisKilled = async (killed: number) => {
    lostEvents += (await log.strikeLost(killed - UNWRITTEN_MS)).length;
  };
  const injector = new Injector({ crew, redis, postgres, trouble, redisKilled });
  const waves = inWaves(submissions, schedule.length);
  for (const [n, fault] of schedule.entries()) {
    for (const submission of waves[n] ?? []) await submit(submission);
    await delay(fault.after_ms);
    injector.strike(fault);
    const act = n % ACTS_EVERY === 0 ? await actAtRandom(queue, person, submitted) : null;
    if (act) acts.push(act);
    if ((n + 1) % 20 === 0) say(`${n + 1} of ${schedule.length} faults, ${await progress(queue, submitted)}`);
  }
  await injector.over();
  const mayBeLost = options.appendfsync === 'always' ? [] : unwrittenAt(injector.timeline);
  const mayBeGone = lostSubmissions({ mayBeLost, submitted: acknowledged, events: log.events });
  const allEnded = () => untilAllEnded(queue, submitted, mayBeGone, options.drain_ms);
  await allEnded();
  // When nothing else is at work, so that a successor is free.
  const lateComers = makeLateComers();
  for (const job of lateComers) await submit({ execution_id: null, jobs: [job] });
  await blockOwners(lateComers, { queue, crew, postgresUrl: postgres.url });
  const { jobs, tasks } = await allEnded();
  const took_ms = performance.now() - began;
  say(`after the faults: ${await progress(queue, submitted)}`);

  const dismissed = await crew.dismiss();
  await log.stop();
  const evidence = {
    jobs,
    tasks,
    events: log.events,
    executions: await readExecutions(queue, submissions),
    executionEvents: log.executions,
    ledger: await readLedger(postgres.url),
    refusals: await readRefusals(postgres.url),
    told: crew.told(),
    acts,
    submitted: acknowledged,
    mayBeLost,
  };
  const findings = judge(evidence);
  findings.set(
    'no supervisor ended by itself',
    [
      ...crew.desertions,
      ...dismissed.filter((code) => code !== 0).map((code) => `SIGTERM: exit ${code}`),
    ].map((what) => ({ what })),
  );
  if (options.appendfsync === 'always')
    findings.set(
      'with appendfsync always a killed Redis loses nothing',
      lostEvents === 0 ? [] : [{ what: `it did not know ${lostEvents} events any more` }],
    );
  findings.set('nothing is left over', await findLeftovers(redis.url, postgres.url, '{stock}:'));
  return { seed, findings, evidence, timeline: injector.timeline, crew, lostEvents, took_ms };
}

async function openQueueOf(t: Torn, url: string): Promise<Queue> {
  const redis = openRedis(url, { name: 'dayline:test:queue' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  return new Queue(redis, 'stock');
}

/** Some of the work at once, so that the threads are busy from the start, the rest in step with the faults. */
function inWaves(submissions: readonly Submission[], faults: number): Submission[][] {
  const atOnce = Math.ceil(submissions.length / 5);
  const later = submissions.length - atOnce;
  const until = (n: number) => atOnce + Math.round((later * n) / Math.max(1, faults - 1));
  return Array.from({ length: faults }, (_, n) => submissions.slice(n === 0 ? 0 : until(n - 1), until(n)));
}

/** Its ids are given, so it may be repeated until it is acknowledged. */
async function submitOnce(queue: Queue, { execution_id, jobs }: Submission): Promise<void> {
  if (execution_id === null) {
    await queue.submit(jobs.map(({ task }) => task));
    return;
  }
  const place = (task_id: string) => jobs.findIndex(({ task }) => task.task_id === task_id);
  const tasks = jobs.map(({ task, needs }) => ({ task, needs: needs.map(place) }));
  await queue.executions.submit({ execution_id, kind: 'tasks', label: 'faults', tasks });
}

async function readExecutions(
  queue: Queue,
  submissions: readonly Submission[],
): Promise<Map<string, Execution | null>> {
  const ids = submissions.flatMap(({ execution_id }) => execution_id ?? []);
  const pages = await Promise.all(ids.map((id) => queue.executions.get(id, { limit: 0 })));
  return new Map(ids.map((id, i) => [id, pages[i]?.execution ?? null]));
}

/** When a killed Redis may have acknowledged what it had not written. */
function unwrittenAt(timeline: readonly Struck[]): Evidence['mayBeLost'] {
  return timeline
    .filter(({ kind }) => kind === 'redis_kill')
    .map(({ began, ended }) => ({ from: began - UNWRITTEN_MS, to: ended ?? Date.now() }));
}

/** Of the tasks and of all that came of their retries. @param idle_ms when no task ends for so long, it waits no more. */
async function untilAllEnded(
  queue: Queue,
  submitted: readonly Job[],
  mayBeGone: ReadonlySet<string>,
  idle_ms: number,
): Promise<{ jobs: Job[]; tasks: Map<string, Task | null> }> {
  let ended = 0;
  for (let end = performance.now() + idle_ms; ; ) {
    const found = await persistently(() => withRetries(queue, submitted));
    const now = [...found.tasks].filter(([task_id, task]) =>
      task ? TERMINAL_STATUSES.includes(task.status) : mayBeGone.has(task_id),
    ).length;
    if (now === found.tasks.size || performance.now() > end) return found;
    if (now > ended) end = performance.now() + idle_ms;
    ended = Math.max(ended, now);
    await delay(200);
  }
}

async function progress(queue: Queue, jobs: readonly Job[]): Promise<string> {
  const tasks = await persistently(() => queue.getMany(jobs.map(({ task }) => task.task_id)));
  const groups = Object.entries(Object.groupBy(tasks, (task) => task?.status ?? 'gone'));
  return groups.map(([status, group]) => `${group?.length} ${status}`).join(', ');
}
