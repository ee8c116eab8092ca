/** Follows one task until its final state: a progress bar on a terminal, plain lines elsewhere. */
import { SingleBar } from 'cli-progress';
import type { TaskView } from '../api/task-view.ts';
import { attemptShown } from '../queue/attempts.ts';
import { taskTimeLeft } from '../queue/time-left.ts';
import type { ApiClient } from './client.ts';
import { follow, lineScreen, type Screen } from './follow.ts';
import { say } from './language.ts';
import { duration } from './table.ts';
import { inShanghai } from './times.ts';

/**
 * Watches until the task has ended. Ctrl-C ends the watching, not the task.
 * @param interrupted see {@link follow}
 * @returns exit code: 0 completed, 1 failed or cancelled
 * @throws CliError when the task is unknown, or Dayline isn't there at first or stays away for a minute
 */
export async function watchTask(
  client: ApiClient,
  taskId: string,
  interrupted?: AbortSignal,
): Promise<number> {
  const screen = process.stdout.isTTY ? barScreen() : lineScreen(markOf, lineOf);
  const look = () => client.get<TaskView>(`/tasks/${encodeURIComponent(taskId)}`);
  const task = await follow(taskId, look, screen, interrupted);
  console.log(finalLine(task));
  return task.status === 'completed' ? 0 : 1;
}

function barScreen(): Screen<TaskView> {
  const bar = new SingleBar({
    format: '{dataset} {bar} {percentage}% │ {rows} │ {elapsed}{left} │ {attempt} │ {state}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    stream: process.stdout,
    linewrap: false,
  });
  let started = false;
  return {
    show(task) {
      const cells = { dataset: task.job_type, ...describe(task) };
      if (!started) bar.start(100, 0, cells);
      started = true;
      bar.update(Math.floor(task.progress), cells);
    },
    trouble(message) {
      if (started) bar.update({ state: message });
      else console.log(message);
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}

/** A line for every new state and every five percent. */
const markOf = (task: TaskView): string =>
  `${task.status} ${task.attempt} ${Math.floor(task.progress / 5)} ${task.next_run_at}`;

function lineOf(task: TaskView): string {
  const { rows, elapsed, left, attempt, state } = describe(task);
  return `${task.job_type}  ${Math.floor(task.progress)}%  ${rows}  ${elapsed}${left}  ${attempt}  ${state}`;
}

function describe(task: TaskView) {
  const running = task.started_at === null ? 0 : endOf(task) - Date.parse(task.started_at);
  const attempts = `${attemptShown(task)}/${task.max_attempts}`;
  return {
    rows: `${task.records_processed.toLocaleString('en-US')} ${say('rows', '行')}`,
    elapsed: duration(running),
    left: leftShown(taskTimeLeft(task, Date.now())),
    attempt: say(`attempt ${attempts}`, `第 ${attempts} 次`),
    state: stateOf(task),
  };
}

/** @param left ms; null: nothing can be said */
export function leftShown(left: number | null): string {
  if (left === null) return '';
  return say(`, about ${duration(left)} left`, `，约剩 ${duration(left)}`);
}

function endOf(task: TaskView): number {
  return task.completed_at === null ? Date.now() : Date.parse(task.completed_at);
}

/** The state in words, with the reason of a wait. */
export function stateOf(task: TaskView): string {
  if (task.status === 'running' && task.progress_message) return `running: ${task.progress_message}`;
  if (task.status !== 'pending') return task.status;
  if (task.next_run_at !== null && task.attempt > 0) {
    return say(
      `waiting for retry at ${inShanghai(task.next_run_at)} (${task.last_error_type})`,
      `等待重试，${inShanghai(task.next_run_at)}，${task.last_error_type}`,
    );
  }
  if (task.next_run_at !== null) {
    const until = inShanghai(task.next_run_at);
    return say(`waiting until ${until}`, `等待至 ${until}`);
  }
  if (task.position !== null && task.position > 0) {
    return say(`pending, ${task.position} ahead`, `排队中，前面还有 ${task.position} 个`);
  }
  return task.status;
}

function finalLine(task: TaskView): string {
  const { rows, elapsed } = describe(task);
  const name = `${task.job_type} ${task.task_id}`;
  if (task.status === 'completed') {
    return say(`Completed: ${name}, ${rows} in ${elapsed}.`, `已完成：${name}，${rows}，用时 ${elapsed}。`);
  }
  if (task.status === 'cancelled') return say(`Cancelled: ${name}.`, `已取消：${name}。`);
  return say(
    `Failed: ${name} [${task.last_error_type}] ${task.error_message ?? ''}`,
    `失败：${name} [${task.last_error_type}] ${task.error_message ?? ''}`,
  );
}
