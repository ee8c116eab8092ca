/** Submit, query, list and cancel tasks. Nothing here can run one: that is what supervisors are for (R1). */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { warningOf } from '../datasets/refusal.ts';
import { ApiError } from '../errors.ts';
import { useQueue } from '../queue/access.ts';
import type { Queue } from '../queue/queue.ts';
import { retryTask } from '../queue/retry-task.ts';
import { submitTask } from '../queue/submit.ts';
import { TASK_STATUSES } from '../queue/task.ts';
import { taskFromHistory } from '../store/task-history.ts';
import { cursorAt, readCursor } from './cursor.ts';
import { ok, okSchema } from './envelope.ts';
import type { HistoryReader } from './history-reader.ts';
import type { ApiDeps } from './server.ts';
import { MODE, PARAMS, TASK_LIMITS } from './task-body.ts';
import {
  type SingleTask,
  SingleTaskSchema,
  SubmittedSchema,
  singleTask,
  submittedView,
  TaskViewSchema,
  taskView,
} from './task-view.ts';

const SubmitBody = Type.Object(
  {
    dataset: Type.String({ minLength: 1, maxLength: 100 }),
    mode: Type.Optional(MODE),
    params: Type.Optional(PARAMS),
    ...TASK_LIMITS,
  },
  { additionalProperties: false },
);

export const SubmittedTaskSchema = Type.Object({
  ...SubmittedSchema.properties,
  warning: Type.Union([Type.String(), Type.Null()], {
    description:
      'What speaks against the dataset: a permission that points do not give, no updates any more.',
  }),
});
export type SubmittedTask = Static<typeof SubmittedTaskSchema>;

/** No body: everything as it was. */
const RetryBody = Type.Union([
  Type.Object({ params: Type.Optional(PARAMS), ...TASK_LIMITS }, { additionalProperties: false }),
  Type.Null(),
]);

/** Tasks on one page of the list, unless the caller wants another number. */
const PAGE_DEFAULT = 50;
/** Every task that is passed over costs Redis; a cursor costs nothing. */
const OFFSET_AT_MOST = 10_000;

const ListQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...TASK_STATUSES])),
    job_type: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 120,
        description:
          'Only tasks of this type. One answer looks through at most 1,000 tasks of all types: it may hold fewer than asked for, or none, while next_cursor leads on.',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: PAGE_DEFAULT })),
    offset: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: OFFSET_AT_MOST,
        default: 0,
        description: 'Tasks to pass over. Not with job_type or cursor; further back only a cursor leads.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 100, description: 'next_cursor of the answer to go on from.' }),
    ),
  },
  { additionalProperties: false },
);

const TaskId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

const TaskPage = Type.Object({
  tasks: Type.Array(TaskViewSchema, { description: 'The newest submission first.' }),
  total: Type.Union([Type.Integer(), Type.Null()], {
    description: 'All tasks of the status; null with a job_type: nobody counts them by type.',
  }),
  limit: Type.Integer(),
  offset: Type.Integer(),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'From where to go on; null: all have been looked through.',
  }),
  looked_at: Type.Integer({ description: 'Tasks, of all types, that were looked through for this answer.' }),
});

/** POST /tasks, GET /tasks, GET /tasks/:id, POST /tasks/:id/cancel, /stop and /retry. All answer 503 when Redis is away (R16). */
export function taskRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.post(
      '/tasks',
      { schema: { body: SubmitBody, response: { 202: okSchema(SubmittedTaskSchema) } } },
      async (request, reply) => {
        const task = await submitTask(deps, request.body);
        reply.status(202);
        const dataset = deps.catalogue.get(task.dataset);
        const warning = dataset.runner === undefined ? warningOf(dataset) : null;
        return ok('TASK_SUBMITTED', `Submitted ${task.job_type}.`, { ...submittedView(task), warning });
      },
    );

    api.get(
      '/tasks',
      { schema: { querystring: ListQuery, response: { 200: okSchema(TaskPage) } } },
      async (request) => {
        const { limit = PAGE_DEFAULT, offset = 0, cursor, ...filter } = request.query;
        if (offset > 0 && (cursor !== undefined || filter.job_type !== undefined)) throw noOffset();
        const place = cursor === undefined ? { offset } : { before: readTaskCursor(cursor) };
        const page = await useQueue(deps, (queue) => queue.list({ ...filter, ...place, limit }));
        const { next, looked_at } = page;
        const tasks = page.tasks.map((task) => taskView(task, null));
        const total = filter.job_type === undefined ? page.total : null;
        const message =
          total === null ? `${tasks.length} tasks among ${looked_at} looked through.` : `${total} tasks.`;
        const next_cursor = next === null ? null : cursorAt([next]);
        return ok('TASKS_RETRIEVED', message, { tasks, total, limit, offset, next_cursor, looked_at });
      },
    );

    api.get(
      '/tasks/:id',
      { schema: { params: TaskId, response: { 200: okSchema(SingleTaskSchema) } } },
      async (request) => {
        const { id } = request.params;
        const view = (await useQueue(deps, (queue) => viewOf(queue, id))) ?? (await pastOf(deps.history, id));
        return ok('TASK_RETRIEVED', `The task is ${view.status}.`, view);
      },
    );

    api.post(
      '/tasks/:id/cancel',
      { schema: { params: TaskId, response: { 200: okSchema(TaskViewSchema) } } },
      async (request) => {
        const task = await useQueue(deps, (queue) => queue.cancel(request.params.id));
        return ok('TASK_CANCELLED', 'The task is cancelled and can never run.', taskView(task, null));
      },
    );

    api.post(
      '/tasks/:id/retry',
      { schema: { params: TaskId, body: RetryBody, response: { 202: okSchema(TaskViewSchema) } } },
      async (request, reply) => {
        const task = await retryTask(deps, request.params.id, request.body ?? {});
        reply.status(202);
        return ok('TASK_RETRIED', `It runs again as task ${task.task_id}.`, taskView(task, null));
      },
    );

    api.post(
      '/tasks/:id/stop',
      { schema: { params: TaskId, response: { 202: okSchema(TaskViewSchema) } } },
      async (request, reply) => {
        const task = await useQueue(deps, (queue) => queue.stop(request.params.id));
        reply.status(202);
        return ok(
          'TASK_STOPPING',
          'Its thread is being terminated; what it has stored stays.',
          taskView(task, null),
        );
      },
    );
  };
}

const noOffset = () =>
  new ApiError(
    'VALIDATION_FAILED',
    'query.offset can not stand with job_type or cursor; go on with the next_cursor of the page before',
  );

/** @returns the sequence that the page is below @throws ApiError VALIDATION_FAILED */
function readTaskCursor(cursor: string): number {
  const fits = ([before]: unknown[]) => Number.isSafeInteger(before) && (before as number) > 0;
  return Number(readCursor(cursor, fits)[0]);
}

/** null: Redis doesn't have it, or no longer. */
async function viewOf(queue: Queue, taskId: string): Promise<SingleTask | null> {
  const seen = await queue.look(taskId);
  return seen && singleTask(seen.task, seen.ahead, seen.waiting);
}

/** A task that has left Redis, 7 days after it ended. @throws ApiError TASK_NOT_FOUND, HISTORY_UNAVAILABLE */
async function pastOf(history: HistoryReader, taskId: string): Promise<SingleTask> {
  const task = history.exists ? await history.ask((store) => taskFromHistory(store, taskId)) : null;
  if (task) return singleTask(task, null, null);
  throw new ApiError(
    'TASK_NOT_FOUND',
    `There is no task ${taskId}, neither in the queue nor in the history.`,
  );
}
