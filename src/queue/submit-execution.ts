/**
 * The one way an execution gets into the queue: a list of tasks with dependencies, a group of datasets whose
 * dependencies are declared (R39), or a backfill day by day (R38). The checks and their order are those of submit.ts.
 */
import type { Catalogue } from '../datasets/catalogue.ts';
import { ApiError, type ApiErrorCode } from '../errors.ts';
import { allFaults } from '../faults.ts';
import { useQueue } from './access.ts';
import { boundText } from './bounded-text.ts';
import { type Dependent, inOrder } from './dependencies.ts';
import { EXECUTION_TASKS_AT_MOST, type ExecutionKind, type PlannedTask } from './execution.ts';
import { newTask, type SubmitDeps, type SubmitRequest } from './submit.ts';
import type { NewTask, TaskParams } from './task.ts';

const LABEL_LENGTH = 200;

/** A task of the list; others can name its key in depends_on. */
export interface TaskEntry extends Dependent {
  dataset: string;
  mode?: string;
  params?: TaskParams;
}

/** Exactly one of `tasks`, `datasets` and `dataset`; the rest is for all of its tasks. */
export interface ExecutionRequest
  extends Pick<SubmitRequest, 'priority' | 'max_attempts' | 'timeout_seconds'> {
  tasks?: readonly TaskEntry[];
  datasets?: readonly string[];
  /** A backfill with params.dates: one task a date. */
  dataset?: string;
  mode?: string;
  params?: TaskParams;
  per?: 'date';
}

export interface SubmittedExecution {
  execution_id: string;
  kind: ExecutionKind;
  label: string;
  tasks: (NewTask & { task_id: string; key: string | null; depends_on: string[] })[];
}

/**
 * Checks everything, then submits everything or nothing.
 * @throws ApiError QUEUE_UNAVAILABLE, UNKNOWN_DATASET, INVALID_PARAMS (circles and unknown keys too),
 * TUSHARE_TOKEN_MISSING
 */
export function submitExecution(deps: SubmitDeps, request: ExecutionRequest): Promise<SubmittedExecution> {
  return useQueue(deps, async (queue) => {
    const { kind, entries } = entriesOf(deps, request);
    if (entries.length > EXECUTION_TASKS_AT_MOST)
      throw invalid(`it has ${entries.length} tasks, at most ${EXECUTION_TASKS_AT_MOST} go into one`);
    const { priority, max_attempts, timeout_seconds } = request;
    const common = {
      ...(priority && { priority }),
      ...(max_attempts && { max_attempts }),
      ...(timeout_seconds && { timeout_seconds }),
    };
    const ordered = inOrder(entries);
    const tasks = newTasks(
      deps,
      ordered.map(({ entry }) => ({ ...requestOf(entry), ...common })),
    );
    const planned: PlannedTask[] = ordered.map(({ entry, needs }, i) => ({
      task: tasks[i] as NewTask,
      key: entry.key ?? null,
      needs,
    }));
    const label = labelOf(planned);
    const { execution_id, task_ids } = await queue.executions.submit({ kind, label, tasks: planned });
    return {
      execution_id,
      kind,
      label,
      tasks: planned.map(({ task, key = null, needs }, i) => ({
        ...task,
        task_id: task_ids[i] as string,
        execution_id,
        key,
        depends_on: needs.map((place) => task_ids[place] as string),
      })),
    };
  });
}

/** Which fault of several gives the answer its code: the checks of a submission in their order. */
const ORDER: ApiErrorCode[] = ['UNKNOWN_DATASET', 'INVALID_PARAMS', 'TUSHARE_TOKEN_MISSING'];

/** Checks all of them. @throws ApiError naming what is wrong with each */
function newTasks(deps: SubmitDeps, requests: readonly SubmitRequest[]): NewTask[] {
  const tasks: NewTask[] = [];
  const faults: ApiError[] = [];
  for (const request of requests) {
    try {
      tasks.push(newTask(deps, request));
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      faults.push(fault);
    }
  }
  if (faults.length === 0) return tasks;
  const code = ORDER.find((code) => faults.some((fault) => fault.code === code)) ?? 'INVALID_PARAMS';
  throw new ApiError(code, allFaults(faults.map(({ message }) => message)));
}

function requestOf({ dataset, mode, params }: TaskEntry): SubmitRequest {
  return { dataset, ...(mode !== undefined && { mode }), ...(params && { params }) };
}

function entriesOf(
  { catalogue }: SubmitDeps,
  request: ExecutionRequest,
): { kind: ExecutionKind; entries: readonly TaskEntry[] } {
  const { tasks, datasets, dataset } = request;
  if ([tasks, datasets, dataset].filter((given) => given !== undefined).length !== 1)
    throw invalid('name exactly one of tasks, datasets and dataset');
  if (dataset !== undefined) return { kind: 'backfill', entries: byDate(request, dataset) };
  if (request.mode !== undefined || request.params !== undefined || request.per !== undefined)
    throw invalid('mode, params and per go with dataset; in a list of tasks each has its own');
  if (tasks !== undefined) return { kind: 'tasks', entries: tasks };
  return { kind: 'group', entries: group(catalogue, datasets ?? []) };
}

/** One task a date, each once, in the order of time. */
function byDate({ mode, params = {}, per }: ExecutionRequest, dataset: string): TaskEntry[] {
  const { dates, ...others } = params;
  if (per !== 'date' || (mode ?? 'backfill') !== 'backfill')
    throw invalid('with a dataset it is a backfill by date: per must be date, and mode backfill');
  if (!Array.isArray(dates) || dates.length === 0) throw invalid('params.dates must name at least one date');
  // What is no date stays, and is refused with its name.
  const each = [
    ...new Set(dates.map((date) => (typeof date === 'string' ? date.replaceAll('-', '') : date))),
  ];
  return each
    .sort()
    .map((date) => ({ dataset, mode: 'backfill', key: String(date), params: { ...others, dates: [date] } }));
}

/** One task a dataset, in its first mode, after those of the group that it needs, directly or through others. */
function group(catalogue: Catalogue, names: readonly string[]): TaskEntry[] {
  const wanted = new Set(names);
  if (wanted.size < names.length) throw invalid('a dataset is named twice in datasets');
  return names.map((name) => {
    const depends_on = [...allNeeds(catalogue, name)].filter((need) => wanted.has(need));
    return { dataset: name, key: name, depends_on };
  });
}

function allNeeds(catalogue: Catalogue, name: string): Set<string> {
  const found = new Set<string>();
  const look = (of: string) => {
    for (const need of catalogue.find(of)?.needs ?? []) {
      if (need === name || found.has(need)) continue;
      found.add(need);
      look(need);
    }
  };
  look(name);
  return found;
}

function labelOf(planned: readonly PlannedTask[]): string {
  const types = [...new Set(planned.map(({ task }) => task.job_type))];
  return boundText(types.join(', '), LABEL_LENGTH);
}

const invalid = (message: string): ApiError =>
  new ApiError('INVALID_PARAMS', `This execution can't be submitted: ${message}.`);
