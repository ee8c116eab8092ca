/**
 * What must hold after a run, judged by three witnesses that know nothing of each other: the tasks as they stand in
 * Redis, the queue's events, and the ledger in Postgres. Pure, so that a test can show that each check can fail.
 */

import type { Execution } from '../../../src/queue/execution.ts';
import { type Task, type TaskStatus, TERMINAL_STATUSES } from '../../../src/queue/task.ts';
import type { Act } from './acts.ts';
import type { ExecutionEvent, QueueEvent } from './event-log.ts';
import { lostSubmissions, unwritten } from './excuses.ts';
import { lateCommits, lateTales, type Told } from './late.ts';
import type { LedgerRow, Refusal } from './ledger.ts';
import { roots } from './lineage.ts';
import { BEGINS_LATE, GOES_ON, type Job, type Nature } from './workload.ts';

export interface Evidence {
  /** Those that were submitted, then those that came of their retries. */
  jobs: readonly Job[];
  /** As they stand at the end; null: unknown. */
  tasks: ReadonlyMap<string, Task | null>;
  events: readonly QueueEvent[];
  /** Those of the submitted executions, as they stand at the end; null: unknown. */
  executions: ReadonlyMap<string, Execution | null>;
  executionEvents: readonly ExecutionEvent[];
  ledger: readonly LedgerRow[];
  /** What the fence in Postgres refused. */
  refusals: readonly Refusal[];
  /** What supervisors told of the ends of runs, by their own logs. */
  told: readonly Told[];
  /** What a person did meanwhile. */
  acts: readonly Act[];
  /** When each submission was acknowledged. */
  submitted: readonly { task_id: string; at: number }[];
  /** When Redis may have lost what it had acknowledged; in ms since the epoch. */
  mayBeLost: readonly { from: number; to: number }[];
}

/** Something that must not be. */
export interface Finding {
  what: string;
  task_id?: string;
  execution_id?: string;
}

/** Every check: its name, as a sentence that must be true, and what contradicts it. */
export function judge(evidence: Evidence): Map<string, Finding[]> {
  return new Map([
    ['every task has ended, as its nature allows', lostOrWrong(evidence)],
    ['every task ended once, and its attempts are counted once each', badlyCounted(evidence)],
    ['in Redis a type has one run at a time, with rising fences', twoRunsOfAType(evidence)],
    ['what a lost run tells afterwards is refused', acceptedTales(evidence)],
    ['in Postgres no older owner of a type commits after a newer one', oldOwners(evidence)],
    [
      'both fences were tried: in Redis and in Postgres lost runs came too late, and were refused',
      untried(evidence),
    ],
    ['every step of a task is committed once, and of a completed one each', badSteps(evidence)],
    [
      'a task begins when what it needs has completed, and fails without beginning when that failed',
      tooEarly(evidence),
    ],
    ['every execution ended as often as it was begun, with the counts of its tasks', badExecutions(evidence)],
    ['what is cancelled stays so, and nothing is cancelled that nobody wished to end', badCancels(evidence)],
  ]);
}

/** How each nature may end. Five losses in a row may end any, and the events must show them. */
const ENDS: Record<Nature, (task: Task) => boolean> = {
  steady: ({ status }) => status === 'completed',
  stubborn: ({ status }) => status === 'completed',
  flaky: ({ status }) => status === 'completed',
  exits: ({ status }) => status === 'completed',
  hopeless: ({ status, attempt, max_attempts }) => status === 'failed' && attempt === max_attempts,
  broken: ({ status, last_error_type }) => status === 'failed' && last_error_type === 'config_missing',
  spins: ({ status, last_error_type }) => status === 'failed' && last_error_type === 'timeout',
};
/** As many losses in a row end a task (src/queue/lua/reap.lua). */
const LOSSES_AT_MOST = 5;

function lostOrWrong(evidence: Evidence): Finding[] {
  const { jobs, tasks, events } = evidence;
  const excused = lostSubmissions(evidence);
  const hasFailed = statusInFamily(tasks, 'failed');
  const losses = new Map<string, number>();
  for (const { event, task_id, losses: inARow = 0 } of events)
    if (event === 'lost') losses.set(task_id, inARow);
  return jobs.flatMap(({ nature, needs, task: { task_id } }) => {
    const task = tasks.get(task_id);
    if (!task) return excused.has(task_id) ? [] : [{ task_id, what: 'it is gone' }];
    if (needs.some(hasFailed) && isUnbegun(task)) return [];
    if (task.status === 'cancelled') return []; // see badCancels
    const lost = task.last_error_type === 'supervisor_lost' && losses.get(task_id) === LOSSES_AT_MOST - 1;
    if (ENDS[nature](task) || (lost && task.status === 'failed')) return [];
    return [{ task_id, what: `it is ${task.status} (${task.last_error_type}, attempt ${task.attempt})` }];
  });
}

/** Whether a task, or one of its retries, has a status. */
function statusInFamily(tasks: Evidence['tasks'], status: TaskStatus): (task_id: string) => boolean {
  const root = roots(tasks);
  const families = new Set([...tasks].flatMap(([id, task]) => (task?.status === status ? [root(id)] : [])));
  return (task_id) => families.has(root(task_id));
}

/** A task is cancelled when somebody wished that it, or its execution, ends, or when what it needs was cancelled. */
function badCancels(evidence: Evidence): Finding[] {
  const { jobs, tasks, acts } = evidence;
  const mayBeLost = unwritten(evidence);
  const done = acts.filter(({ answer }) => answer !== 'refused');
  const named = (id: string | undefined, kinds: RegExp) =>
    done.filter((act) => act.id === id && kinds.test(act.kind));
  const wasCancelled = statusInFamily(tasks, 'cancelled');
  return jobs.flatMap(({ needs, task: { task_id, execution_id } }) => {
    const task = tasks.get(task_id);
    if (!task) return [];
    const ends = named(task_id, /^(cancel|stop)$/);
    const wished = ends.length + named(execution_id, /^stop_execution$/).length > 0;
    const follows = task.last_error_type === 'dependency_cancelled' && needs.some(wasCancelled);
    if (task.status === 'cancelled' && !wished && !follows)
      return [{ task_id, what: 'it is cancelled, and nobody wished it' }];
    const kept =
      task.status === 'cancelled' ||
      !ends.some(({ kind, answer, at }) => kind === 'cancel' && answer === 'done' && !mayBeLost(at));
    return kept ? [] : [{ task_id, what: `its cancel was acknowledged, and it is ${task.status}` }];
  });
}

/** It failed because what it needs failed. */
const isUnbegun = (task: Task) => task.status === 'failed' && task.last_error_type === DEPENDENCY_FAILED;
const DEPENDENCY_FAILED = 'dependency_failed';

const ENDED: readonly string[] = TERMINAL_STATUSES;

function badlyCounted(evidence: Evidence): Finding[] {
  const { jobs, tasks, events } = evidence;
  const excused = lostSubmissions(evidence);
  const byTask = Map.groupBy(events, ({ task_id }) => task_id);
  return jobs.flatMap(({ task: { task_id } }) => {
    const task = tasks.get(task_id);
    if (!task && excused.has(task_id)) return [];
    const own = byTask.get(task_id) ?? [];
    const count = (...names: string[]) => own.filter(({ event }) => names.includes(event)).length;
    const findings: Finding[] = [];
    const wrong = (what: string) => findings.push({ task_id, what });
    if (count('submitted') !== 1) wrong(`it was submitted ${count('submitted')} times`);
    if (count(...ENDED) !== 1) wrong(`it ended ${count(...ENDED)} times`);
    if (!task) return findings;
    if (own.at(-1)?.event !== task.status)
      wrong(`it is ${task.status} and its last event is ${own.at(-1)?.event}`);
    const stopped = own.at(-1)?.event === 'cancelled' && isRunningAt(own, own.length - 1) ? 1 : 0;
    const attempts = isUnbegun(task) ? 0 : count('retry', 'completed', 'failed') + stopped;
    if (task.attempt !== attempts) wrong(`attempt is ${task.attempt} and ${attempts} attempts ended`);
    if (task.attempt > task.max_attempts) wrong(`attempt ${task.attempt} of ${task.max_attempts}`);
    return findings;
  });
}

/** Whether a task ran when its event at `index` came. */
function isRunningAt(own: readonly QueueEvent[], index: number): boolean {
  const before = own.slice(0, index).findLast(({ event }) => event !== 'stop_requested');
  return before?.event === 'claimed';
}

const RUN_ENDS: readonly string[] = [...ENDED, 'retry', 'handed_back', 'closed', 'lost'];

function twoRunsOfAType({ events }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const running = new Map<string, string>();
  const fences = new Map<string, number>();
  for (const { event, task_id, job_type, error_type, fence = 0 } of events) {
    if (error_type === DEPENDENCY_FAILED) continue; // it never ran
    const runs = running.get(job_type);
    if (event === 'claimed') {
      if (runs !== undefined) findings.push({ task_id, what: `claimed while ${runs} runs` });
      if (fence <= (fences.get(job_type) ?? 0))
        findings.push({ task_id, what: `fence ${fence} was not higher` });
      running.set(job_type, task_id);
      fences.set(job_type, fence);
    } else if (RUN_ENDS.includes(event)) {
      if (runs === task_id) running.delete(job_type);
      else if (event !== 'cancelled') findings.push({ task_id, what: `${event} without running` });
    }
  }
  return findings;
}

function acceptedTales(evidence: Evidence): Finding[] {
  const mayBeLost = unwritten(evidence);
  return lateTales(evidence)
    .filter(({ result, at }) => result === 'done' && !mayBeLost(at))
    .map(({ task_id, fence }) => ({ task_id, what: `its run with fence ${fence} was lost, and ended it` }));
}

/** That nothing got through a fence means little where nothing tried to. The task named is the one that was to. */
function untried(evidence: Evidence): Finding[] {
  const tales = lateTales(evidence).filter(({ result }) => result === 'not_owner');
  const begins = lateCommits(evidence).filter(({ refused }) => refused === 'begin');
  const commits = lateCommits(evidence).filter(({ refused }) => refused === 'commit');
  const none: [unknown[], string, string][] = [
    [tales, GOES_ON, 'Redis refused nobody who told the end of a task that another one ran'],
    [begins, BEGINS_LATE, 'Postgres refused nobody who began after a newer one'],
    [commits, GOES_ON, 'Postgres refused nobody who went on after a newer one had begun'],
  ];
  return none.flatMap(([refused, task_id, what]) => (refused.length === 0 ? [{ task_id, what }] : []));
}

function oldOwners({ ledger }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const newest = new Map<string, LedgerRow>();
  for (const row of ledger) {
    const before = newest.get(row.job_type);
    const is = `row ${row.number}: fence ${row.fence} of ${row.owner}`;
    const was = `after fence ${before?.fence} of ${before?.owner} (row ${before?.number})`;
    if (before && row.fence < before.fence) findings.push({ task_id: row.task_id, what: `${is} ${was}` });
    else if (before?.fence === row.fence && (before.task_id !== row.task_id || before.owner !== row.owner))
      findings.push({ task_id: row.task_id, what: `${is} shares the fence: ${was}` });
    if (!before || row.fence >= before.fence) newest.set(row.job_type, row);
  }
  return findings;
}

function badSteps({ jobs, tasks, ledger }: Evidence): Finding[] {
  const steps = Map.groupBy(
    ledger.filter(({ step }) => step > 0),
    ({ task_id }) => task_id,
  );
  return jobs.flatMap((job) => {
    const { task_id } = job.task;
    const rows = steps.get(task_id) ?? [];
    const findings: Finding[] = [];
    const wrong = (what: string) => findings.push({ task_id, what });
    for (const [i, { step }] of rows.entries())
      if (step !== i + 1) wrong(`step ${step} was committed as number ${i + 1}`);
    const lasts = rows.filter(({ last }) => last).length;
    const status: TaskStatus | undefined = tasks.get(task_id)?.status;
    // One that is stopped may have come to its end at that moment.
    const right = status === 'cancelled' ? lasts <= 1 : lasts === (status === 'completed' ? 1 : 0);
    if (!right) wrong(`it is ${status} with ${lasts} last steps`);
    const records = tasks.get(task_id)?.records_processed;
    if (status === 'completed' && records !== job.steps) wrong(`${records} records of ${job.steps} steps`);
    return findings;
  });
}

function tooEarly({ jobs, tasks, events }: Evidence): Finding[] {
  const root = roots(tasks);
  const needs = new Map(jobs.map(({ task, needs }) => [task.task_id, needs]));
  const completed = new Set<string>();
  const failed = new Set<string>();
  const findings: Finding[] = [];
  for (const { event, task_id, error_type } of events) {
    const open = (needs.get(task_id) ?? []).filter((need) => !completed.has(need));
    if (event === 'completed') completed.add(root(task_id));
    if (event === 'failed') failed.add(root(task_id));
    if (event === 'claimed' && open.length > 0) findings.push({ task_id, what: `it began before ${open}` });
    if (error_type === DEPENDENCY_FAILED && !open.some((need) => failed.has(need)))
      findings.push({ task_id, what: `it failed for its prerequisites, and none of ${open} had` });
  }
  return findings;
}

function badExecutions(evidence: Evidence): Finding[] {
  const { jobs, tasks, executions, executionEvents } = evidence;
  const excused = lostSubmissions(evidence);
  const newest = jobs.filter(({ task }) => !tasks.get(task.task_id)?.retried_as);
  const members = Map.groupBy(newest, ({ task }) => task.execution_id);
  return [...executions].flatMap(([execution_id, execution]) => {
    const own = (members.get(execution_id) ?? []).map(({ task }) => task.task_id);
    if (!execution && own.every((task_id) => excused.has(task_id))) return [];
    if (!execution) return [{ execution_id, what: `${execution_id} is gone` }];
    const count = (status: string) => own.filter((id) => (tasks.get(id)?.status ?? 'gone') === status).length;
    const findings: Finding[] = [];
    const wrong = (what: string) => findings.push({ execution_id, what: `${execution_id}: ${what}` });
    for (const [status, counted] of Object.entries(execution.counts))
      if (counted !== count(status)) wrong(`it counts ${counted} ${status} of ${count(status)}`);
    if (execution.total !== own.length) wrong(`its total is ${execution.total} of ${own.length}`);
    const status = count('failed') > 0 ? 'failed' : count('cancelled') > 0 ? 'cancelled' : 'completed';
    if (execution.status !== status) wrong(`it is ${execution.status} and should be ${status}`);
    const ownEvents = executionEvents.filter((event) => event.execution_id === execution_id);
    const ends = ownEvents.filter(({ event }) =>
      /^execution_(completed|failed|cancelled)$/.test(event),
    ).length;
    const retries = ownEvents.filter(({ event }) => event === 'execution_retried').length;
    if (ends < 1 || ends > 1 + retries || execution.attempt !== ends)
      wrong(`it ended ${ends} times after ${retries} retries, by its own count ${execution.attempt}`);
    return findings;
  });
}
