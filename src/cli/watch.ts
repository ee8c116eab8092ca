/** Follows one task until its final state: a progress bar on a terminal, plain lines elsewhere. */
import { setTimeout as pause } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { TaskView } from '../api/task-view.ts';
import { type ApiClient, CliError } from './client.ts';
import { say } from './language.ts';
import { duration } from './table.ts';

/** Between two looks at the task. */
const LOOK_EVERY_MS = 500;
/** How long the web process or Redis may be away before watching gives up. */
const PATIENCE_MS = 60_000;
/** Codes that may pass by themselves while somebody watches. */
const MAY_PASS = new Set(['WEB_UNREACHABLE', 'WEB_TIMEOUT', 'QUEUE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

const FINAL = new Set(['completed', 'failed', 'cancelled']);

/**
 * Watches until the task has ended. Ctrl-C ends the watching, not the task: the process then exits with 130.
 * @param interrupted given by a caller that handles Ctrl-C itself: ends the watching, rejecting with its reason
 * @returns exit code: 0 completed, 1 failed or cancelled
 * @throws CliError when the task is unknown, or Dayline isn't there at first or stays away for a minute
 */
export async function watchTask(
  client: ApiClient,
  taskId: string,
  interrupted?: AbortSignal,
): Promise<number> {
  const screen = process.stdout.isTTY ? barScreen() : lineScreen();
  const onInterrupt = () => {
    screen.end();
    console.log(
      say(
        `Stopped watching; the task goes on. Look again with \`npx dayline watch ${taskId}\`.`,
        `已停止查看，任务仍在继续。再次查看：\`npx dayline watch ${taskId}\`。`,
      ),
    );
    process.exit(130);
  };
  if (!interrupted) process.on('SIGINT', onInterrupt);
  try {
    const task = await follow(client, taskId, screen, interrupted);
    screen.end();
    console.log(finalLine(task));
    return task.status === 'completed' ? 0 : 1;
  } finally {
    screen.end();
    process.off('SIGINT', onInterrupt);
  }
}

interface Screen {
  show(task: TaskView): void;
  trouble(message: string): void;
  /** Twice is harmless. */
  end(): void;
}

async function follow(
  client: ApiClient,
  taskId: string,
  screen: Screen,
  interrupted?: AbortSignal,
): Promise<TaskView> {
  let seenAt: number | undefined;
  for (;;) {
    interrupted?.throwIfAborted();
    try {
      const task = await client.get<TaskView>(`/tasks/${encodeURIComponent(taskId)}`);
      seenAt = performance.now();
      screen.show(task);
      if (FINAL.has(task.status)) return task;
    } catch (error) {
      const passing = error instanceof CliError && MAY_PASS.has(error.code);
      // never seen at all: there is nothing to wait for
      if (!passing || seenAt === undefined || performance.now() - seenAt > PATIENCE_MS) throw error;
      screen.trouble(error.message);
    }
    await pause(LOOK_EVERY_MS, undefined, interrupted && { signal: interrupted });
  }
}

function barScreen(): Screen {
  const bar = new SingleBar({
    format: '{dataset} {bar} {percentage}% │ {rows} │ {elapsed} │ {attempt} │ {state}',
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

/** One line for every new state and every five percent, so that a log file stays readable. */
function lineScreen(): Screen {
  let last = '';
  return {
    show(task) {
      const mark = `${task.status} ${task.attempt} ${Math.floor(task.progress / 5)} ${task.next_run_at}`;
      if (mark === last) return;
      last = mark;
      const { rows, elapsed, attempt, state } = describe(task);
      console.log(
        `${task.job_type}  ${Math.floor(task.progress)}%  ${rows}  ${elapsed}  ${attempt}  ${state}`,
      );
    },
    trouble(message) {
      if (message === last) return;
      last = message;
      console.log(message);
    },
    end() {},
  };
}

function describe(task: TaskView) {
  const running = task.started_at === null ? 0 : endOf(task) - Date.parse(task.started_at);
  const attempt = Math.min(task.attempt + (FINAL.has(task.status) ? 0 : 1), task.max_attempts);
  return {
    rows: `${task.records_processed.toLocaleString('en-US')} ${say('rows', '行')}`,
    elapsed: duration(running),
    attempt: say(
      `attempt ${Math.max(1, attempt)}/${task.max_attempts}`,
      `第 ${Math.max(1, attempt)}/${task.max_attempts} 次`,
    ),
    state: stateOf(task),
  };
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
      `waiting for retry at ${task.next_run_at} (${task.last_error_type})`,
      `等待重试，${task.next_run_at}（${task.last_error_type}）`,
    );
  }
  if (task.next_run_at !== null) {
    return say(`waiting until ${task.next_run_at}`, `等待至 ${task.next_run_at}`);
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
