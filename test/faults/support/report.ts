/** What a person needs to see after a run: its numbers, and for each thing that must not be, all that is known. */
import type { Act } from './acts.ts';
import type { Finding } from './checks.ts';
import type { FaultRun } from './fault-run.ts';
import { lateCommits, lateTales } from './late.ts';
import { countFaults, type Takeovers, takeovers } from './numbers.ts';

/** Lease 4 s, and the beat that finds it: an outage nearer than this to a fault is part of what is measured. */
const QUIET_MS = 6_000;
const FINDINGS_SHOWN = 10;
const TASKS_SHOWN = 5;

export function numbersOf(run: FaultRun): string {
  const { timeline, evidence } = run;
  const faults = countFaults(timeline);
  const statuses = [...evidence.tasks.values()].map((task) => task?.status ?? 'gone');
  const ends = Object.entries(Object.groupBy(statuses, (status) => status));
  const measured = (kind: 'kill' | 'freeze' | 'block') =>
    sentence(takeovers(evidence.events, timeline, kind, QUIET_MS));
  return [
    `seed ${run.seed}: ${timeline.length} faults over ${evidence.jobs.length} tasks (${evidence.executions.size} executions) in ${seconds(run.took_ms)} s`,
    `faults: ${Object.entries(faults)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
    `tasks: ${ends.map(([status, list]) => `${list?.length} ${status}`).join(', ')}`,
    `acts: ${actsOf(evidence.acts)}; events lost by a killed Redis: ${run.lostEvents}`,
    `events: ${evidence.events.length}; losses: ${count(run, 'lost')}; retries: ${count(run, 'retry')}; ` +
      `hand-backs: ${count(run, 'handed_back')}; rows in the ledger: ${evidence.ledger.length}`,
    `why handed back: ${handBacksOf(run)}`,
    `came too late: ${lateOf(run)}`,
    `kill -9, tasks of the dead: ${measured('kill')}`,
    `freeze, tasks of the frozen: ${measured('freeze')}`,
    `block, tasks of the blocked: ${measured('block')}`,
    ...[...run.crew.errors()].map(([words, count]) => `${count} times logged as an error: ${words}`),
  ].join('\n');
}

/** Everything about what must not be; '' when all checks hold. */
export function troubleOf(run: FaultRun): string {
  const broken = [...run.findings].filter(([, findings]) => findings.length > 0);
  if (broken.length === 0) return '';
  const tasks = [
    ...new Set(broken.flatMap(([, findings]) => findings.flatMap(({ task_id }) => task_id ?? []))),
  ];
  return [
    `seed ${run.seed} (--seed ${run.seed} replays it)`,
    ...broken.map(([check, findings]) => `NOT TRUE: ${check}\n${listOf(findings)}`),
    `timeline:\n${timelineOf(run)}`,
    ...tasks.slice(0, TASKS_SHOWN).map((task_id) => storyOf(run, task_id)),
  ].join('\n\n');
}

function listOf(findings: Finding[]): string {
  const shown = findings.slice(0, FINDINGS_SHOWN).map(({ task_id, what }) => `  ${task_id ?? ''} ${what}`);
  if (findings.length > shown.length) shown.push(`  and ${findings.length - shown.length} more`);
  return shown.join('\n');
}

function timelineOf({ timeline }: FaultRun): string {
  return timeline
    .map(
      ({ number, kind, supervisor_id, began, ended }) =>
        `  ${clock(began)} ${number} ${kind} ${supervisor_id ?? ''} ${ended === null ? 'lasts' : `${ended - began} ms`}`,
    )
    .join('\n');
}

/** A task in the order in which it happened: the queue's events, the rows of the ledger, the words of supervisors. */
function storyOf({ evidence, crew }: FaultRun, task_id: string): string {
  const { events, ledger, tasks } = evidence;
  const own = ({ task_id: id }: { task_id: string }) => id === task_id;
  const lines = [
    ...events.filter(own).map((event) => ({ at: event.at, text: `event  ${JSON.stringify(event)}` })),
    ...ledger.filter(own).map((row) => ({ at: row.at, text: `ledger ${JSON.stringify(row)}` })),
    ...crew
      .logOf(task_id)
      .map((line) => ({ at: Date.parse(String(line.time)), text: `log    ${JSON.stringify(line)}` })),
  ].sort((a, b) => a.at - b.at);
  return [
    `${task_id}: ${JSON.stringify(tasks.get(task_id))}`,
    ...lines.map(({ at, text }) => `  ${clock(at)} ${text}`),
  ].join('\n');
}

function actsOf(acts: readonly Act[]): string {
  const groups = Object.entries(Object.groupBy(acts, ({ kind, answer }) => `${kind} ${answer}`));
  return groups.map(([what, same]) => `${same?.length} ${what}`).join(', ') || 'none';
}

/** The most frequent first. */
function handBacksOf({ evidence }: FaultRun): string {
  const back = evidence.told.flatMap(({ outcome }) => (outcome.kind === 'handed_back' ? outcome.reason : []));
  const groups = Object.entries(Object.groupBy(back, (reason) => reason));
  const counts = groups.map(([reason, same = []]) => ({ reason, count: same.length }));
  return counts
    .toSorted((a, b) => b.count - a.count)
    .map(({ reason, count }) => `${count} ${reason}`)
    .join(', ');
}

/** Both fences: what Redis answered to the ends of lost runs, and what Postgres refused. */
function lateOf({ evidence }: FaultRun): string {
  const tales = Object.entries(Object.groupBy(lateTales(evidence), ({ result }) => result));
  const commits = lateCommits(evidence);
  const refused = (what: 'begin' | 'commit') => commits.filter((commit) => commit.refused === what).length;
  return (
    `ends told in Redis: ${tales.map(([result, same]) => `${same?.length} ${result}`).join(', ') || 'none'}; ` +
    `refused in Postgres: ${refused('commit')} commits, ${refused('begin')} beginnings`
  );
}

function sentence({ taken_back, running_again }: Takeovers): string {
  if (!taken_back) return 'none in a quiet moment';
  const times = ({ p50, max }: { p50: number; max: number }) => `p50 ${p50} ms, max ${max} ms`;
  const again = running_again ? `; running again after ${times(running_again)}` : '';
  return `${taken_back.count} taken back after ${times(taken_back)}${again}`;
}

const count = ({ evidence }: FaultRun, name: string) =>
  evidence.events.filter(({ event }) => event === name).length;
const seconds = (ms: number) => (ms / 1000).toFixed(1);
const clock = (at: number) => new Date(at).toISOString().slice(11, 23);
