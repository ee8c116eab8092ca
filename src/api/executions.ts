/** Submit, query, stop and retry executions: tasks that belong together. Like tasks, nothing runs here (R1). */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { askQueue, useQueue } from '../queue/access.ts';
import { EXECUTION_TASKS_AT_MOST } from '../queue/execution.ts';
import type { ExecutionPage } from '../queue/executions.ts';
import { submitExecution } from '../queue/submit-execution.ts';
import { TASK_STATUSES } from '../queue/task.ts';
import { executionFromHistory } from '../store/execution-history.ts';
import { tasksOfExecution } from '../store/task-history.ts';
import { ok, okSchema } from './envelope.ts';
import {
  ExecutionTaskSchema,
  ExecutionViewSchema,
  executionTaskView,
  executionView,
  pastTaskView,
  SubmittedExecutionSchema,
  submittedExecutionView,
} from './execution-view.ts';
import type { HistoryReader } from './history-reader.ts';
import {
  countText,
  KIND,
  LIMIT,
  PAGE_DEFAULT,
  PLACE_ANSWER,
  PLACE_QUERY,
  readListQuery,
  spanQuery,
} from './list-query.ts';
import type { ApiDeps } from './server.ts';
import { MODE, PARAMS, TASK_LIMITS } from './task-body.ts';
import { LEFT_QUEUE } from './task-view.ts';

const DATASET = Type.String({ minLength: 1, maxLength: 100 });
/** Any text that Postgres can hold too: no control characters, no half surrogates. */
const KEY = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^(?:[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])+$',
});

const TaskEntry = Type.Object(
  {
    key: Type.Optional(KEY),
    dataset: DATASET,
    mode: Type.Optional(MODE),
    params: Type.Optional(PARAMS),
    depends_on: Type.Optional(
      Type.Array(KEY, {
        maxItems: EXECUTION_TASKS_AT_MOST,
        description: 'Keys of tasks that must complete first.',
      }),
    ),
  },
  { additionalProperties: false },
);

const SubmitBody = Type.Object(
  {
    tasks: Type.Optional(Type.Array(TaskEntry, { minItems: 1, maxItems: EXECUTION_TASKS_AT_MOST })),
    datasets: Type.Optional(
      Type.Array(DATASET, {
        minItems: 1,
        maxItems: EXECUTION_TASKS_AT_MOST,
        description: 'A group: each runs after those of the group that it needs.',
      }),
    ),
    dataset: Type.Optional(DATASET),
    mode: Type.Optional(MODE),
    params: Type.Optional(PARAMS),
    per: Type.Optional(
      Type.Literal('date', { description: 'With dataset: one backfill task for each of params.dates.' }),
    ),
    ...TASK_LIMITS,
  },
  { additionalProperties: false, description: 'Exactly one of tasks, datasets and dataset.' },
);

const PageQuery = Type.Object(
  {
    limit: LIMIT,
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  },
  { additionalProperties: false },
);
const ListQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...TASK_STATUSES])),
    kind: KIND,
    ...spanQuery('Submitted'),
    ...PLACE_QUERY,
  },
  { additionalProperties: false },
);
const ExecutionId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

const ListAnswer = Type.Object({
  executions: Type.Array(ExecutionViewSchema, { description: 'The newest submission first.' }),
  ...PLACE_ANSWER,
});
const DetailAnswer = Type.Object({
  ...ExecutionViewSchema.properties,
  tasks: Type.Array(ExecutionTaskSchema, { description: 'A page of them, in the order of submission.' }),
  left_queue: LEFT_QUEUE,
  limit: Type.Integer(),
  offset: Type.Integer(),
});
const StopAnswer = Type.Object({
  ...ExecutionViewSchema.properties,
  cancelled: Type.Integer({ description: 'Tasks that waited.' }),
  stopping: Type.Integer({ description: 'Tasks whose threads are being terminated.' }),
});
const RetryAnswer = Type.Object({
  ...ExecutionViewSchema.properties,
  task_ids: Type.Array(Type.String(), { description: 'The new tasks; retry_of names the old ones.' }),
});

/** POST and GET /executions, GET /executions/:id, POST /executions/:id/stop and /retry. */
export function executionRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.post(
      '/executions',
      { schema: { body: SubmitBody, response: { 202: okSchema(SubmittedExecutionSchema) } } },
      async (request, reply) => {
        const submitted = await submitExecution(deps, request.body);
        reply.status(202);
        const message = `Submitted ${submitted.tasks.length} tasks.`;
        return ok('EXECUTION_SUBMITTED', message, submittedExecutionView(submitted));
      },
    );

    api.get(
      '/executions',
      { schema: { querystring: ListQuery, response: { 200: okSchema(ListAnswer) } } },
      async (request) => {
        const { query, answer } = readListQuery(request.query);
        const page = await askQueue(deps, (queue) => queue.executions.list(query));
        const told = { executions: page.executions.map(executionView), ...answer(page) };
        return ok('EXECUTIONS_RETRIEVED', countText('executions', told.executions.length, told), told);
      },
    );

    api.get(
      '/executions/:id',
      {
        schema: { params: ExecutionId, querystring: PageQuery, response: { 200: okSchema(DetailAnswer) } },
      },
      async (request) => {
        const { limit = PAGE_DEFAULT, offset = 0 } = request.query;
        const { id } = request.params;
        const page = { limit, offset };
        const present = await askQueue(deps, (queue) => queue.executions.get(id, page));
        const found = present ? presentView(present) : await pastOf(deps.history, id, page);
        return ok('EXECUTION_RETRIEVED', `The execution is ${found.status}.`, { ...found, ...page });
      },
    );

    api.post(
      '/executions/:id/stop',
      { schema: { params: ExecutionId, response: { 202: okSchema(StopAnswer) } } },
      async (request, reply) => {
        const { execution, cancelled, stopping } = await useQueue(deps, (queue) =>
          queue.executions.stop(request.params.id),
        );
        reply.status(202);
        const message = `${cancelled} tasks are cancelled, ${stopping} are being stopped.`;
        const view = { ...executionView(execution), cancelled, stopping };
        return ok('EXECUTION_STOPPING', message, view);
      },
    );

    api.post(
      '/executions/:id/retry',
      { schema: { params: ExecutionId, response: { 202: okSchema(RetryAnswer) } } },
      async (request, reply) => {
        const { execution, task_ids } = await useQueue(deps, (queue) =>
          queue.executions.retry(request.params.id),
        );
        reply.status(202);
        const view = { ...executionView(execution), task_ids };
        return ok('EXECUTION_RETRIED', `${task_ids.length} tasks run again.`, view);
      },
    );
  };
}

function presentView({ execution, tasks }: ExecutionPage) {
  return { ...executionView(execution), tasks: tasks.map(executionTaskView), left_queue: false };
}

/** One that has left Redis, 7 days after it ended. @throws ApiError EXECUTION_NOT_FOUND, HISTORY_UNAVAILABLE */
async function pastOf(history: HistoryReader, id: string, page: { limit: number; offset: number }) {
  const execution = history.exists ? await history.ask((store) => executionFromHistory(store, id)) : null;
  if (!execution) {
    const message = `There is no execution ${id}, neither in the queue nor in the history.`;
    throw new ApiError('EXECUTION_NOT_FOUND', message);
  }
  const tasks = await history.ask((store) => tasksOfExecution(store, id, page));
  return { ...executionView(execution), tasks: tasks.map(pastTaskView), left_queue: true };
}
