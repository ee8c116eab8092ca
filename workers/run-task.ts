/**
 * What runs inside a thread: one task after another, each from its assignment to its result. Everything a task throws
 * becomes a result here; only the death of the thread leaves its supervisor without one.
 *
 * What only some tasks need (the sync engine, the database, the TuShare client) is imported when such a task
 * comes, so that a replaced thread takes its next task within milliseconds.
 */
import { threadId } from 'node:worker_threads';
import { CONNECTION_TEST_RUNNER } from '../src/datasets/connection-test.ts';
import { findDataset, ownDatasets } from '../src/datasets/own-datasets.ts';
import { CONCEPT_RUNNER, FINANCE_RUNNER } from '../src/datasets/sync-jobs.ts';
import { TaskError } from '../src/errors.ts';
import { BeginCells } from '../src/supervisor/begin-cells.ts';
import type { Assignment, FromThread, ThreadEntry, ThreadResult, ToThread } from '../src/supervisor/line.ts';
import { configOfThread } from '../src/supervisor/thread-config.ts';
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { proxyScope } from '../src/tushare/proxy-address.ts';
import { describeError } from './describe-error.ts';
import { openContext } from './run-context.ts';
import { spokenBy } from './spoken.ts';
import { ThreadLine } from './thread-line.ts';

type Runner = (context: RunContext) => Promise<RunOutcome>;

const config = configOfThread();
const spoken = spokenBy(config);
const runners = new Map<string, Runner>();
// The user's files are read before the first task comes; Dayline's own when a task names one.
await ownDatasets(config);

/**
 * Called once by the pool. It never returns: the thread stays, and takes its tasks from this port, one after another.
 * @param cells whose turn it is: a task that was taken back meanwhile is not begun.
 */
export default function takeTasks({ port, cells }: ThreadEntry): Promise<never> {
  const turns = new BeginCells(cells);
  const post = (message: FromThread) => port.postMessage(message);
  const waiting: { run: number; assignment: Assignment }[] = [];
  let running: { run: number; line: ThreadLine } | undefined;

  async function runAll(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!turns.begin(next.run)) continue;
      const line = new ThreadLine(post);
      running = { run: next.run, line };
      const began = performance.now();
      const result = await runTask(next.assignment, line);
      post({ type: 'result', result, took_ms: performance.now() - began });
    }
    running = undefined;
  }

  function hear(told: ToThread): void {
    if ('datasets' in told) {
      void warmUp(told.datasets);
    } else if ('assignment' in told) {
      waiting.push(told);
      if (!running) void runAll();
    } else if (told.run === running?.run) {
      running.line.hear(told.message);
    }
  }

  port.on('message', (said: ToThread[]) => {
    // A loop and not forEach: under it the evidence of a kill did not name the function that spins (3 runs of 3).
    for (const told of said) hear(told);
  });
  post({ type: 'ready', thread_id: threadId });
  return new Promise(() => {});
}

async function runTask(assignment: Assignment, line: ThreadLine): Promise<ThreadResult> {
  const { context, close } = openContext(assignment, line, config, spoken);
  try {
    const run = await runnerOf(assignment.task.dataset);
    return resultOf(await behindProxy(() => run(context)));
  } catch (error) {
    // Its call was refused because of the pause, and it had no other end in mind: that uses up no attempt.
    if (line.pause.aborted && error === line.pause.reason)
      return { kind: 'paused', reason: spoken(String(error)) };
    return describeError(error, spoken);
  } finally {
    close();
    line.close();
  }
}

/** The whole run inside one proxy scope (D27); without a proxy nothing is changed, or even loaded. */
async function behindProxy<T>(run: () => Promise<T>): Promise<T> {
  const scope = proxyScope(config);
  if (!scope) return await run();
  const { withProxy } = await import('../src/tushare/proxy.ts');
  return await withProxy(scope, run);
}

/** The code of a dataset, found once: to look for it takes longer than a short task. */
async function runnerOf(name: string): Promise<Runner> {
  const runner = runners.get(name) ?? (await findRunner(name));
  runners.set(name, runner);
  return runner;
}

/** One after another, so that a task which comes meanwhile waits for one of them at most. */
async function warmUp(datasets: readonly string[]): Promise<void> {
  // What can't be brought in is told by the task that needs it.
  for (const name of datasets) await runnerOf(name).catch(() => {});
}

/** Dayline's own programs by the names in their declarations. */
const OWN_PROGRAMS: Record<string, () => Promise<{ run: Runner }>> = {
  [CONNECTION_TEST_RUNNER]: () => import('./connection-test.ts'),
  [FINANCE_RUNNER]: () => import('./finance-task.ts'),
  [CONCEPT_RUNNER]: () => import('./concept-task.ts'),
};

/** Its own module where it names one, else the sync engine. */
async function findRunner(name: string): Promise<Runner> {
  const dataset = await findDataset(config, name);
  if (!dataset)
    throw new TaskError('unknown_dataset', `There is no dataset '${name}' in this supervisor's catalogue`);
  if (!dataset.runner) return (await import('./sync-task.ts')).syncTask;
  const own = OWN_PROGRAMS[dataset.runner];
  if (own) return (await own()).run;
  const { run } = (await import(dataset.runner)) as { run?: Runner };
  if (!run) throw new TaskError('config_missing', `The runner of '${name}' exports no function 'run'`);
  return run;
}

/** A result carries one number, so that a huge or uncloneable return value can't hurt the supervisor. */
function resultOf(outcome: RunOutcome): ThreadResult {
  if (outcome?.kind === 'paused') return { kind: 'paused', reason: spoken(String(outcome.reason)) };
  if (outcome?.kind === 'completed' && Number.isSafeInteger(outcome.records_processed)) {
    return { kind: 'completed', records_processed: outcome.records_processed };
  }
  throw new TaskError(
    'result_invalid',
    "The run ended without { kind: 'completed', records_processed } or { kind: 'paused' }",
  );
}
