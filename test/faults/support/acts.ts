/** What a person does meanwhile: cancels, stops and retries tasks and executions at random, and notes what was answered. */
import { ApiError } from '../../../src/errors.ts';
import type { Queue } from '../../../src/queue/queue.ts';
import type { Task, TaskStatus } from '../../../src/queue/task.ts';
import type { Random } from './random.ts';
import type { Job } from './workload.ts';

const KINDS = ['cancel', 'stop', 'retry', 'stop_execution', 'retry_execution'] as const;
export type ActKind = (typeof KINDS)[number];

export interface Act {
  kind: ActKind;
  /** The task, or the execution. */
  id: string;
  /** When it was answered, in ms since the epoch. */
  at: number;
  /** `lost`: Redis went away before it answered, so it may have been done or not. */
  answer: 'done' | 'refused' | 'lost';
}

/** What each kind is for. */
const MEANT_FOR: Record<ActKind, readonly TaskStatus[]> = {
  cancel: ['pending'],
  stop: ['running'],
  retry: ['failed', 'cancelled'],
  stop_execution: ['pending', 'running'],
  retry_execution: ['failed', 'cancelled'],
};

/** One act on a random task that it is meant for, as far as can be seen: by the time it acts, things may have moved. */
export async function actAtRandom(queue: Queue, random: Random, jobs: readonly Job[]): Promise<Act | null> {
  const kind = random.pick(KINDS);
  const pool = jobs.filter(({ task }) => !kind.endsWith('execution') || task.execution_id);
  const seen = await newest(queue, pool).catch(() => []);
  const fit = seen.filter(({ status }) => MEANT_FOR[kind].includes(status));
  if (fit.length === 0) return null;
  const task = random.pick(fit);
  const id = kind.endsWith('execution') ? (task.execution_id as string) : task.task_id;
  const answer = await answerTo(() => carryOut(queue, kind, id));
  return { kind, id, at: Date.now(), answer };
}

/** The tasks as they are now, each as its last retry. */
async function newest(queue: Queue, jobs: readonly Job[]): Promise<Task[]> {
  const found: Task[] = [];
  for (let ids = jobs.map(({ task }) => task.task_id); ids.length > 0; ) {
    const tasks = (await queue.getMany(ids)).filter((task) => task !== null);
    found.push(...tasks.filter(({ retried_as }) => retried_as === null));
    ids = tasks.flatMap(({ retried_as }) => retried_as ?? []);
  }
  return found;
}

async function carryOut(queue: Queue, kind: ActKind, id: string): Promise<unknown> {
  if (kind === 'cancel') return queue.cancel(id);
  if (kind === 'stop') return queue.stop(id);
  if (kind === 'retry') return queue.retry(id);
  return kind === 'stop_execution' ? queue.executions.stop(id) : queue.executions.retry(id);
}

async function answerTo(work: () => Promise<unknown>): Promise<Act['answer']> {
  try {
    await work();
    return 'done';
  } catch (error) {
    return error instanceof ApiError ? 'refused' : 'lost';
  }
}
