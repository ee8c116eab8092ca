/** Retries by hand: which new tasks came of which old ones. A family is a task and all its retries. */
import type { Queue } from '../../../src/queue/queue.ts';
import type { Task } from '../../../src/queue/task.ts';
import type { Job } from './workload.ts';

/** The jobs and, after them, those that came of their retries: the same work under a new id. */
export async function withRetries(
  queue: Queue,
  jobs: readonly Job[],
): Promise<{ jobs: Job[]; tasks: Map<string, Task | null> }> {
  const all: Job[] = [];
  const found = new Map<string, Task | null>();
  for (let generation = [...jobs]; generation.length > 0; ) {
    const tasks = await queue.getMany(generation.map(({ task }) => task.task_id));
    for (const [i, { task }] of generation.entries()) found.set(task.task_id, tasks[i] ?? null);
    all.push(...generation);
    generation = generation.flatMap((job, i) => {
      const task_id = tasks[i]?.retried_as;
      return task_id ? [{ ...job, task: { ...job.task, task_id } }] : [];
    });
  }
  return { jobs: all, tasks: found };
}

/** Each task's first ancestor, which is the task that was submitted. */
export function roots(tasks: ReadonlyMap<string, Task | null>): (task_id: string) => string {
  const parents = new Map<string, string>();
  for (const [task_id, task] of tasks) if (task?.retried_as) parents.set(task.retried_as, task_id);
  return (task_id) => {
    let root = task_id;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    return root;
  };
}
