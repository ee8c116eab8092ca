/** What the tests of executions share: small graphs by name, and a run of a task by its key. */
import type { Execution, ExecutionTask, PlannedTask } from '../../src/queue/execution.ts';
import type { Queue } from '../../src/queue/queue.ts';
import type { ClaimedTask, NewTask, Outcome } from '../../src/queue/task.ts';
import { claim, ended, newTask, type QueueBundle } from './support.ts';

/** Keys with the keys they need, which come before: { a: '', b: 'a', c: 'a b' }. */
export async function submitGraph(queue: Queue, graph: Record<string, string>, over: Partial<NewTask> = {}) {
  const keys = Object.keys(graph);
  const tasks: PlannedTask[] = keys.map((key) => ({
    task: newTask(over),
    key,
    needs: (graph[key] ?? '')
      .split(' ')
      .filter((need) => need !== '')
      .map((need) => keys.indexOf(need)),
  }));
  const { execution_id, task_ids } = await queue.executions.submit({
    kind: 'tasks',
    label: 'a graph',
    tasks,
  });
  return { execution_id, ids: Object.fromEntries(keys.map((key, i) => [key, task_ids[i] as string])) };
}

/** Claims everything that can be claimed. @returns the runs by key, in the order of the claim */
export async function claimAll(queue: Queue, supervisor_id = 's1'): Promise<Record<string, ClaimedTask>> {
  const runs = await claim(queue, supervisor_id, 100);
  const tasks = await queue.getMany(runs.map((run) => run.task_id));
  return Object.fromEntries(runs.map((run, i) => [tasks[i]?.key ?? run.task_id, run]));
}

export async function finishRun(queue: Queue, run: ClaimedTask | undefined, outcome: Outcome) {
  if (!run) throw new Error('this task does not run');
  const { results } = await queue.finish([ended(run, 's1', outcome)]);
  return results[0];
}

export async function seeExecution(
  queue: Queue,
  execution_id: string,
): Promise<Execution & { tasks: ExecutionTask[]; by: Record<string, ExecutionTask> }> {
  const page = await queue.executions.get(execution_id, { limit: 1000 });
  if (!page) throw new Error(`there is no execution ${execution_id}`);
  const by = Object.fromEntries(page.tasks.map((task) => [task.key ?? task.task_id, task]));
  return { ...page.execution, tasks: page.tasks, by };
}

/** Statuses by key. */
export async function statuses(queue: Queue, execution_id: string): Promise<Record<string, string>> {
  const { tasks } = await seeExecution(queue, execution_id);
  return Object.fromEntries(tasks.map((task) => [task.key, task.status]));
}

/** Lines of the live feed of executions, as `event status`. */
export async function feedOf({ redis, queue }: Pick<QueueBundle, 'redis' | 'queue'>, execution_id: string) {
  const feed = await redis.xrange(queue.keys.events, '-', '+');
  const lines = feed.map(([, fields]) => {
    const entries = [];
    for (let i = 0; i < fields.length; i += 2) entries.push([fields[i], fields[i + 1]]);
    return Object.fromEntries(entries) as Record<string, string>;
  });
  return lines.filter((line) => line.execution_id === execution_id && line.event?.startsWith('execution_'));
}

/** Ends that Postgres is to get, as `status attempt`. */
export async function auditedEnds(
  { redis, queue }: Pick<QueueBundle, 'redis' | 'queue'>,
  execution_id: string,
) {
  const entries = (await redis.lrange(queue.keys.audit, 0, -1)).map((text) => JSON.parse(text));
  return entries
    .filter((entry) => entry.kind === 'execution' && entry.id === execution_id)
    .map((entry) => `${entry.status} ${entry.attempt}`);
}
