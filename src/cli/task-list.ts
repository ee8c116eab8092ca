/** `dayline tasks`: the newest tasks of a status or a type, or those from a cursor on. */
import type { TaskView } from '../api/task-view.ts';
import { attemptShown } from '../queue/attempts.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { shanghaiTime } from './times.ts';
import { stateOf } from './watch.ts';

const SHOWN = 20;
/** Answers that are read by themselves; each has looked through 1,000 tasks at most where a type is asked for. */
const ANSWERS_AT_MOST = 20;

interface TaskFilter {
  status?: string;
  type?: string;
  cursor?: string;
}
interface Found {
  tasks: TaskView[];
  next_cursor: string | null;
  looked_at: number;
}

/** Lists tasks, the newest first. @returns exit code */
export async function showTasks(client: ApiClient, { json, ...filter }: Shown & TaskFilter): Promise<number> {
  const found = await searchBack(client, filter);
  if (json) return printJson(found);
  const { tasks, next_cursor, looked_at } = found;
  if (tasks.length > 0) console.log(`${taskTable(tasks)}\n`);
  const count = looked_at.toLocaleString('en');
  console.log(
    say(`${tasks.length} tasks; ${count} looked through.`, `${tasks.length} 个任务；已查看 ${count} 个。`),
  );
  if (next_cursor) {
    const options = [filter.status && `--status ${filter.status}`, filter.type && `--type ${filter.type}`];
    const command = ['npx dayline tasks', ...options.filter(Boolean), `--cursor ${next_cursor}`].join(' ');
    console.log(say(`Older ones: \`${command}\``, `更早的：\`${command}\``));
  }
  return 0;
}

/** Reads on until there are enough to show, nothing is left, or so many answers were read. */
async function searchBack(client: ApiClient, { status, type, cursor }: TaskFilter): Promise<Found> {
  const found: Found = { tasks: [], next_cursor: cursor ?? null, looked_at: 0 };
  for (let answers = 0; answers < ANSWERS_AT_MOST && found.tasks.length < SHOWN; answers += 1) {
    const query = new URLSearchParams({
      ...(status && { status }),
      ...(type && { job_type: type }),
      ...(found.next_cursor && { cursor: found.next_cursor }),
      limit: String(SHOWN - found.tasks.length),
    });
    const page = await client.get<Found>(`/tasks?${query}`);
    found.tasks.push(...page.tasks);
    found.looked_at += page.looked_at;
    found.next_cursor = page.next_cursor;
    if (page.next_cursor === null) break;
  }
  return found;
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
