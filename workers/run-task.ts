/**
 * What runs inside a thread: one task, from its assignment to its result. Everything a task throws becomes a
 * result here; only the death of the thread leaves its supervisor without one.
 *
 * What only some tasks need (the sync engine, the database, the TuShare client) is imported when such a task
 * comes, so that a replaced thread takes its next task within milliseconds.
 */
import type { MessagePort } from 'node:worker_threads';
import { findDataset, ownDatasets } from '../src/datasets/own-datasets.ts';
import { TaskError } from '../src/errors.ts';
import { redactor } from '../src/redact.ts';
import type { Assignment, ThreadResult } from '../src/supervisor/line.ts';
import { configOfThread } from '../src/supervisor/thread-config.ts';
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { proxyScope } from '../src/tushare/proxy-address.ts';
import { describeError } from './describe-error.ts';
import { openContext } from './run-context.ts';
import { ThreadLine } from './thread-line.ts';

type Runner = (context: RunContext) => Promise<RunOutcome>;

const config = configOfThread();
const redact = redactor(config);
// The user's files are read before the first task comes; Dayline's own when a task names one.
await ownDatasets(config);

export default async function runTask(message: {
  assignment: Assignment;
  port: MessagePort;
}): Promise<ThreadResult> {
  const { assignment, port } = message;
  const line = new ThreadLine(port);
  const { context, close } = openContext(assignment, line, config, redact);
  try {
    const run = await runnerOf(assignment.task.dataset);
    return resultOf(await behindProxy(() => run(context)));
  } catch (error) {
    // Its call was refused because of the pause, and it had no other end in mind: that uses up no attempt.
    if (line.pause.aborted && error === line.pause.reason)
      return { kind: 'paused', reason: redact(String(error)) };
    return describeError(error, config);
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

/** The code of a dataset: its own module where it names one, else the sync engine. */
async function runnerOf(name: string): Promise<Runner> {
  const dataset = await findDataset(config, name);
  if (!dataset)
    throw new TaskError('unknown_dataset', `There is no dataset '${name}' in this supervisor's catalogue`);
  if (!dataset.runner) return (await import('./sync-task.ts')).syncTask;
  const { run } = (await import(dataset.runner)) as { run?: Runner };
  if (!run) throw new TaskError('config_missing', `The runner of '${name}' exports no function 'run'`);
  return run;
}

/** A result carries one number, so that a huge or uncloneable return value can't hurt the supervisor. */
function resultOf(outcome: RunOutcome): ThreadResult {
  if (outcome?.kind === 'paused') return { kind: 'paused', reason: redact(String(outcome.reason)) };
  if (outcome?.kind === 'completed' && Number.isSafeInteger(outcome.records_processed)) {
    return { kind: 'completed', records_processed: outcome.records_processed };
  }
  throw new TaskError(
    'result_invalid',
    "The run ended without { kind: 'completed', records_processed } or { kind: 'paused' }",
  );
}
