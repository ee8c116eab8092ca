/** The queue as tests use it: submit fixtures, and wait for what happens to a task instead of sleeping. */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import type { NewTask, Task } from '../../src/queue/task.ts';
import type { Torn } from './torn.ts';

const LOOK_EVERY_MS = 10;

export async function openTestQueue(t: Torn, url: string): Promise<Queue> {
  const redis = openRedis(url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  return new Queue(redis, 'stock');
}

/** A task of a dataset, in mode full unless `more` says otherwise. */
export function taskOf(dataset: string, more: Partial<NewTask> = {}): NewTask {
  const mode = more.mode ?? 'full';
  const rest = { params: {}, priority: 1, max_attempts: 4, timeout_seconds: 60 } as const;
  return { dataset, mode, job_type: `${dataset}.${mode}`, ...rest, ...more };
}

/** Submits one task of a fixture dataset. @returns its id */
export async function submit(queue: Queue, dataset: string, more: Partial<NewTask> = {}): Promise<string> {
  const [submitted] = await queue.submit([taskOf(dataset, more)]);
  return (submitted as { task_id: string }).task_id;
}

/** Resolves with the task as soon as it is as wanted. @throws Error with what it is, when it isn't in time. */
export async function until(
  queue: Queue,
  task_id: string,
  wanted: (task: Task) => boolean,
  withinMs = 20_000,
): Promise<Task> {
  const end = performance.now() + withinMs;
  for (;;) {
    const task = await queue.get(task_id).catch(() => null);
    if (task && wanted(task)) return task;
    if (performance.now() > end) throw new Error(`task ${task_id} is not as wanted: ${JSON.stringify(task)}`);
    await delay(LOOK_EVERY_MS);
  }
}
