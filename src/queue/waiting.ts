/**
 * Why a pending task waits, in one sentence, and until when. The codes are for programs and stay as they are; the
 * sentences are for people. Times are by the clock of Redis.
 */
import type { RawLook } from './scripts.ts';
import type { Task } from './task.ts';

export const WAITING_REASONS = [
  'queue',
  'type_busy',
  'retry',
  'window_closed',
  'handed_back',
  'prerequisite',
  'due',
  'no_supervisor',
  'draining',
] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

export interface Waiting {
  reason: WaitingReason;
  message: string;
  /** It can't start before this moment, in ms; null when the moment is not known. */
  until: number | null;
  /** The task that is in its way: of its type, or its prerequisite. */
  blocked_by: string | null;
}

/** What look.lua knows besides the task. */
interface Facts {
  now: number;
  place: string;
  ahead: number;
  supervisors: number;
  /** Of these. */
  draining: number;
  waits_for: string;
  unmet: number;
  blocker: { task_id: string; job_type: string; status: string; deadline_at: number } | null;
}

export function factsOf(raw: RawLook): Facts {
  const [, now, place, ahead, supervisors, draining, waits_for, unmet, ...rest] = raw;
  const [task_id, job_type, status, deadline_at] = rest;
  const blocker = task_id === '' ? null : { task_id, job_type, status, deadline_at };
  return { now, place, ahead, supervisors, draining, waits_for, unmet, blocker };
}

/** Why a task waits; null when it doesn't. */
export function waitingOf(task: Task, facts: Facts): Waiting | null {
  if (task.status !== 'pending') return null;
  if (facts.place === 'delayed' && (task.next_run_at ?? 0) > facts.now) return untilItsMoment(task, facts);
  if (facts.place === 'blocked') return forPrerequisites(facts);
  if (facts.supervisors === 0) {
    return waiting('no_supervisor', 'No supervisor is alive to run it; start one, and it runs.');
  }
  if (facts.supervisors === facts.draining) {
    const message = 'Every supervisor drains; it runs when one is resumed or another one starts.';
    return waiting('draining', message);
  }
  if (facts.place === 'parked') return forItsType(task, facts, aheadOfItsType(facts));
  if (facts.place === 'queue' && facts.blocker) return forItsType(task, facts, aheadInQueue(facts));
  if (facts.place === 'queue') return inQueue(facts.ahead);
  return waiting('due', 'It is due, and joins the queue within the next second or two.');
}

function inQueue(ahead: number): Waiting {
  if (ahead === 0) return waiting('queue', 'It is next, and runs as soon as a thread is free for it.');
  return waiting('queue', `${count(ahead, 'task is', 'tasks are')} before it in the queue.`);
}

/** Of those before a parked one, the first is the task that runs. */
function aheadOfItsType({ ahead }: Facts): string {
  return ahead > 1 ? `, and ${count(ahead - 1, 'more comes', 'more come')} before it` : '';
}

function aheadInQueue({ ahead }: Facts): string {
  return ahead > 0 ? `, and ${count(ahead, 'task is', 'tasks are')} before it in the queue` : '';
}

/** `others`: what besides comes before it. */
function forItsType({ job_type }: Task, { blocker }: Facts, others: string): Waiting {
  if (!blocker) {
    return waiting('type_busy', `One task of ${job_type} runs at a time, and its turn comes next.`);
  }
  const end = blocker.deadline_at > 0 ? ` by ${clock(blocker.deadline_at)} at the latest` : '';
  const message = `One task of ${job_type} runs at a time: ${blocker.task_id} runs now and ends${end}${others}.`;
  return waiting('type_busy', message, null, blocker.task_id);
}

function untilItsMoment(task: Task, facts: Facts): Waiting {
  const { waits_for } = facts;
  const until = task.next_run_at as number;
  const nobody = nobodyNow(facts);
  const say = (reason: WaitingReason, why: string) => waiting(reason, `${why}${nobody}.`, until);
  const why = task.progress_message ? ` (${task.progress_message})` : '';
  if (waits_for === 'closed') {
    return say('window_closed', `The call window is closed for it until ${clock(until)}${why}`);
  }
  if (waits_for === 'handed_back') {
    return say('handed_back', `It was handed back and may run again at ${clock(until)}${why}`);
  }
  const next = `attempt ${task.attempt + 1} of ${task.max_attempts} starts at ${clock(until)}`;
  return say('retry', `Its last attempt ended with ${task.last_error_type ?? 'an error'}: ${next}`);
}

/** What else is to be said of a task that waits for a moment or for another one. */
function nobodyNow({ supervisors, draining }: Facts): string {
  if (supervisors === 0) return '; no supervisor is alive now';
  return supervisors === draining ? '; every supervisor drains now' : '';
}

function forPrerequisites(facts: Facts): Waiting {
  const { unmet, blocker } = facts;
  const nobody = nobodyNow(facts);
  if (!blocker) return waiting('prerequisite', `It waits for another task of its execution${nobody}.`);
  const more = unmet > 1 ? ` and ${count(unmet - 1, 'other', 'others')}` : '';
  const which = `${blocker.job_type} (task ${blocker.task_id}, ${blocker.status})`;
  return waiting(
    'prerequisite',
    `It starts when ${which}${more} ${unmet > 1 ? 'have' : 'has'} completed${nobody}.`,
    null,
    blocker.task_id,
  );
}

function waiting(
  reason: WaitingReason,
  message: string,
  until: number | null = null,
  blocked_by: string | null = null,
): Waiting {
  return { reason, message, until, blocked_by };
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** 2026-11-21 09:31:05 UTC; up to the next second, so that it isn't before the moment. */
function clock(ms: number): string {
  const second = new Date(Math.ceil(ms / 1000) * 1000);
  return `${second.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
