/** Submit, query, list and cancel tasks. Nothing here can run one: that is what supervisors are for (R1). */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { warningOf } from '../datasets/refusal.ts';
import { ApiError } from '../errors.ts';
import { askQueue, useQueue } from '../queue/access.ts';
import type { Queue } from '../queue/queue.ts';
import { retryTask } from '../queue/retry-task.ts';
import { submitTask } from '../queue/submit.ts';
import { TASK_STATUSES } from '../queue/task.ts';
import { taskFromHistory } from '../store/task-history.ts';
import { ok, okSchema } from './envelope.ts';
import type { HistoryReader } from './history-reader.ts';
import { countText, PLACE_ANSWER, PLACE_QUERY, readListQuery, spanQuery, TASK_NAMES } from './list-query.ts';
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

const ListQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...TASK_STATUSES])),
    ...TASK_NAMES,
    ...spanQuery('Submitted'),
    ...PLACE_QUERY,
  },
  { additionalProperties: false },
);

const TaskId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

const TaskPage = Type.Object({
  tasks: Type.Array(TaskViewSchema, { description: 'The newest submission first.' }),
  ...PLACE_ANSWER,
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
        const { query, answer } = readListQuery(request.query);
        const page = await askQueue(deps, (queue) => queue.list(query));
        const tasks = page.tasks.map((task) => taskView(task, null));
        const told = { tasks, ...answer(page) };
        return ok('TASKS_RETRIEVED', countText('tasks', tasks.length, told), told);
      },
    );

    api.get(
      '/tasks/:id',
      { schema: { params: TaskId, response: { 200: okSchema(SingleTaskSchema) } } },
      async (request) => {
        const { id } = request.params;
        const view = (await askQueue(deps, (queue) => viewOf(queue, id))) ?? (await pastOf(deps.history, id));
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

/** null: Redis doesn't have it, or no longer. */
async function viewOf(queue: Queue, taskId: string): Promise<SingleTask | null> {
  const seen = await queue.look(taskId);
  return seen && singleTask(seen.task, seen.ahead, seen.waiting);
}

/** A task that has left Redis, 7 days after it ended. @throws ApiError TASK_NOT_FOUND, HISTORY_UNAVAILABLE */
async function pastOf(history: HistoryReader, taskId: string): Promise<SingleTask> {
  const task = history.exists ? await history.ask((store) => taskFromHistory(store, taskId)) : null;
  if (task) return { ...singleTask(task, null, null), left_queue: true };
  throw new ApiError(
    'TASK_NOT_FOUND',
    `There is no task ${taskId}, neither in the queue nor in the history.`,
  );
}
