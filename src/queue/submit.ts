/**
 * The one way a task gets into the queue (R4): used by the API and by the scheduler, and knowing neither.
 * Checks come in this order, and each that fails changes nothing: the queue can be used, the dataset exists,
 * its parameters make sense, a TuShare token is configured, no other history of the type runs.
 */
import type { Config } from '../config.ts';
import type { Catalogue } from '../datasets/catalogue.ts';
import { checkSubmission } from '../datasets/params.ts';
import { ApiError } from '../errors.ts';
import { holdsSecret } from '../redact.ts';
import { hasTushareToken } from '../token.ts';
import { type QueueAccess, useQueue } from './access.ts';
import type { Queue } from './queue.ts';
import { type NewTask, PRIORITIES, type PriorityName, type TaskMode, type TaskParams } from './task.ts';

/** What a task is submitted with; everything but the dataset has a default. */
export interface SubmitRequest {
  dataset: string;
  /** The dataset's first mode when left out. */
  mode?: string;
  params?: TaskParams;
  /** low for history and backfill, else normal. */
  priority?: PriorityName;
  /** The dataset's, else TUSHARE_MAX_RETRIES + 1. */
  max_attempts?: number;
  /** Running time until the task's thread is ended; by default from dataset, mode and dates. */
  timeout_seconds?: number;
  /** Given by callers that repeat a submission until they know it arrived. */
  task_id?: string;
}

export interface SubmitDeps extends QueueAccess {
  catalogue: Catalogue;
}

/** A task that has been put into the queue. */
export interface Submitted extends NewTask {
  task_id: string;
  /** false: a task with the id that was given was there already, and stays as it is. */
  created: boolean;
}

/**
 * Checks the request and puts one task into the queue, in one flight to Redis, or two for a history.
 * @throws ApiError QUEUE_UNAVAILABLE, UNKNOWN_DATASET, INVALID_PARAMS, TUSHARE_TOKEN_MISSING, ALREADY_RUNNING
 */
export function submitTask(deps: SubmitDeps, request: SubmitRequest): Promise<Submitted> {
  return useQueue(deps, async (queue) => {
    const task = newTask(deps, request);
    if (task.mode === 'history') await refuseSecondHistory(queue, task);
    const [submitted] = await queue.submit([task]);
    if (submitted === undefined) throw new Error('the queue returned nothing for a submitted task');
    return { ...task, ...submitted };
  });
}

/**
 * A history that runs holds a lease, so it lives: a different one of its type is refused at once, and told of it (D1).
 * Two that are submitted while none runs wait for each other in the queue; the run itself looks again (sync-task.ts).
 */
async function refuseSecondHistory(queue: Queue, { job_type, task_id }: NewTask): Promise<void> {
  const { tasks } = await queue.list({ status: 'running', job_type, limit: 1 });
  const [running] = tasks;
  if (!running || running.task_id === task_id) return;
  throw new ApiError(
    'ALREADY_RUNNING',
    `${job_type} is running already, as task ${running.task_id} (${Math.round(running.progress)} %): wait for its end, or stop it`,
  );
}

/** What is submitted for a request, checked. @throws ApiError as {@link submitTask} */
export function newTask({ config, catalogue }: SubmitDeps, request: SubmitRequest): NewTask {
  const checked = checkSubmission(catalogue, request);
  const declared = catalogue.get(checked.dataset);
  if (declared.runner === undefined || declared.asks_tushare) assertToken(config, checked.dataset);
  const { dataset, mode, job_type, params } = checked;
  assertNoSecret(config, dataset, params);
  return {
    ...(request.task_id === undefined ? {} : { task_id: request.task_id }),
    dataset,
    mode,
    job_type,
    params,
    priority: PRIORITIES[request.priority ?? defaultPriority(mode)],
    max_attempts: request.max_attempts ?? checked.max_attempts ?? config.TUSHARE_MAX_RETRIES + 1,
    timeout_seconds: request.timeout_seconds ?? checked.timeout_seconds,
  };
}

/** A dataset that is a program of its own may need no token; one with a table asks TuShare. */
function assertToken(config: Config, dataset: string): void {
  if (hasTushareToken(config)) return;
  throw new ApiError(
    'TUSHARE_TOKEN_MISSING',
    `${dataset} comes from TuShare, and no token is configured: set TUSHARE_TOKEN (https://tushare.pro/user/token) and restart.`,
  );
}

/** Parameters are stored and shown as they are. */
function assertNoSecret(config: Config, dataset: string, params: TaskParams): void {
  if (!holdsSecret(config, JSON.stringify(params))) return;
  throw new ApiError(
    'INVALID_PARAMS',
    `${dataset}: params hold a token or password of this Dayline's settings; leave it out, the settings are used anyway`,
  );
}

/** A person's or schedule's small sync goes before long ones. */
function defaultPriority(mode: TaskMode): PriorityName {
  return mode === 'history' || mode === 'backfill' ? 'low' : 'normal';
}
