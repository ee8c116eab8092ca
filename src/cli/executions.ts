/** What the commands of `dayline` do with executions. */
import type { ExecutionTaskView, ExecutionView } from '../api/execution-view.ts';
import { executionTimeLeft } from '../queue/time-left.ts';
import type { ApiClient } from './client.ts';
import { follow, lineScreen } from './follow.ts';
import { type Listed, lookFor, olderOnes } from './found.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { shanghaiTime } from './times.ts';
import { leftShown, stateOf } from './watch.ts';

type Command = (client: ApiClient, id: string, shown: Shown) => Promise<number>;

/** Does what is meant for an execution, or for a task when the id is no execution's. @returns exit code */
export async function either(
  client: ApiClient,
  id: string,
  forTask: Command,
  forExecution: Command,
  shown: Shown = {},
): Promise<number> {
  // Only looked for: an action that does not fit would stand in the log of actions.
  const isExecution = await client.get(`/executions/${encodeURIComponent(id)}?limit=1`).then(
    () => true,
    () => false, // whatever else is wrong is told by what follows
  );
  return isExecution ? forExecution(client, id, shown) : forTask(client, id, shown);
}

/** Lists the newest executions. @returns exit code */
export async function showExecutions(
  client: ApiClient,
  { json, ...filter }: Shown & Listed & { kind?: string },
): Promise<number> {
  const { entries: executions, next_cursor } = await lookFor<ExecutionView>(client, 'executions', filter);
  if (json) return printJson(executions);
  if (executions.length === 0) {
    console.log(say('No executions.', '没有执行记录。'));
    return 0;
  }
  const header = say(
    'execution,what,state,done,failed,submitted (Shanghai)',
    '执行,内容,状态,完成,失败,提交时间（上海）',
  );
  const rows = executions.map((execution) => [
    execution.execution_id,
    execution.label,
    execution.status,
    `${execution.counts.completed}/${execution.total}`,
    execution.counts.failed,
    shanghaiTime(execution.created_at),
  ]);
  console.log(table(header.split(','), rows));
  if (next_cursor) console.log(`\n${olderOnes('executions', filter, next_cursor)}`);
  return 0;
}

/** Shows one execution and its first 200 tasks. @returns exit code */
export async function showExecution(client: ApiClient, id: string, shown: Shown = {}): Promise<number> {
  const path = `/executions/${encodeURIComponent(id)}?limit=200`;
  const answer = await client.get<ExecutionView & { tasks: ExecutionTaskView[] }>(path);
  if (shown.json) return printJson(answer);
  const { tasks, ...execution } = answer;
  console.log(`${execution.execution_id}  ${execution.label}  ${execution.status}`);
  console.log(countsLine(execution));
  console.log('');
  const header = say('task,key,type,state,%,rows', '任务,名称,类型,状态,%,行数').split(',');
  const rows = tasks.map((task) => [
    task.task_id,
    task.key,
    task.job_type,
    task.last_error_type && task.status === 'failed' ? `failed [${task.last_error_type}]` : stateOf(task),
    Math.floor(task.progress),
    task.records_processed,
  ]);
  console.log(table(header, rows));
  if (tasks.length < execution.total)
    console.log(
      say(`… and ${execution.total - tasks.length} more`, `……还有 ${execution.total - tasks.length} 个`),
    );
  return 0;
}

/** Watches until an execution has ended. @returns exit code: 0 completed, 1 failed or cancelled @throws CliError */
export async function watchExecution(client: ApiClient, id: string): Promise<number> {
  const look = () => client.get<ExecutionView>(`/executions/${encodeURIComponent(id)}?limit=1`);
  const lineOf = (execution: ExecutionView) =>
    countsLine(execution) + leftShown(executionTimeLeft(execution, Date.now()));
  const execution = await follow(id, look, lineScreen(countsLine, lineOf));
  console.log(`${execution.execution_id}  ${execution.label}  ${execution.status}`);
  return execution.status === 'completed' ? 0 : 1;
}

/** Cancels what waits in an execution and stops what runs. @returns exit code */
export async function stopExecution(client: ApiClient, id: string, shown: Shown = {}): Promise<number> {
  const path = `/executions/${encodeURIComponent(id)}/stop`;
  const stopped = await client.post<{ cancelled: number; stopping: number }>(path);
  if (shown.json) return printJson(stopped);
  const { cancelled, stopping } = stopped;
  console.log(
    say(
      `Stopping: ${cancelled} tasks cancelled, ${stopping} being stopped`,
      `正在停止：已取消 ${cancelled} 个任务，正在停止 ${stopping} 个`,
    ),
  );
  return 0;
}

/** Runs the failed and cancelled part of an execution again. @returns exit code */
export async function retryExecution(client: ApiClient, id: string, shown: Shown = {}): Promise<number> {
  const path = `/executions/${encodeURIComponent(id)}/retry`;
  const retried = await client.post<{ task_ids: string[] }>(path);
  if (shown.json) return printJson(retried);
  const { task_ids } = retried;
  console.log(say(`${task_ids.length} tasks run again`, `${task_ids.length} 个任务重新运行`));
  return 0;
}

function countsLine({ counts, total }: ExecutionView): string {
  return say(
    `${total} tasks: ${counts.completed} completed, ${counts.running} running, ${counts.pending} waiting, ${counts.failed} failed, ${counts.cancelled} cancelled`,
    `共 ${total} 个任务：完成 ${counts.completed}，运行 ${counts.running}，等待 ${counts.pending}，失败 ${counts.failed}，取消 ${counts.cancelled}`,
  );
}
