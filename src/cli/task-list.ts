/** `dayline tasks`: the newest tasks that are as asked for, or those from a cursor on. */
import type { TaskView } from '../api/task-view.ts';
import { attemptShown } from '../queue/attempts.ts';
import type { ApiClient } from './client.ts';
import { type Listed, lookFor, olderOnes } from './found.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { shanghaiTime } from './times.ts';
import { stateOf } from './watch.ts';

export interface TaskFilter extends Listed {
  type?: string;
  dataset?: string;
  execution?: string;
}

/** Lists tasks, the newest first. @returns exit code */
export async function showTasks(client: ApiClient, { json, ...filter }: Shown & TaskFilter): Promise<number> {
  const { type, execution, ...same } = filter;
  const found = await lookFor<TaskView>(client, 'tasks', {
    ...same,
    ...(type && { job_type: type }),
    ...(execution && { execution_id: execution }),
  });
  const { entries: tasks, next_cursor, looked_at } = found;
  if (json) return printJson({ tasks, next_cursor, looked_at });
  if (tasks.length > 0) console.log(`${taskTable(tasks)}\n`);
  const count = looked_at.toLocaleString('en');
  const what = tasks.length === 1 ? 'task' : 'tasks';
  console.log(
    say(`${tasks.length} ${what}; ${count} looked through.`, `${tasks.length} 个任务；已查看 ${count} 个。`),
  );
  if (next_cursor) console.log(olderOnes('tasks', filter, next_cursor));
  return 0;
}

/** One line a task. */
export function taskTable(tasks: readonly TaskView[]): string {
  const header = say(
    'task,type,state,%,rows,attempt,submitted (Shanghai)',
    '任务,类型,状态,%,行数,次数,提交时间（上海）',
  );
  const rows = tasks.map((task) => [
    task.task_id,
    task.job_type,
    stateOf(task),
    Math.floor(task.progress),
    task.records_processed,
    `${attemptShown(task)}/${task.max_attempts}`,
    shanghaiTime(task.created_at),
  ]);
  return table(header.split(','), rows);
}
