/** What tasks and executions ended with, from Postgres: also of those that have left Redis (R29). */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { TERMINAL_STATUSES } from '../queue/task.ts';
import { listExecutionHistory } from '../store/execution-history.ts';
import type { Ended } from '../store/history-page.ts';
import { listHistory } from '../store/task-history.ts';
import { ok, okSchema } from './envelope.ts';
import { ExecutionViewSchema, executionView } from './execution-view.ts';
import { historyCursor, readHistoryCursor } from './history-cursor.ts';
import { KIND, LIMIT, PAGE_DEFAULT, spanQuery, TASK_NAMES } from './list-query.ts';
import type { ApiDeps } from './server.ts';
import { TaskViewSchema, taskView } from './task-view.ts';

const page = {
  status: Type.Optional(Type.Enum([...TERMINAL_STATUSES])),
  ...spanQuery('Ended'),
  limit: LIMIT,
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before.' })),
};
const TasksQuery = Type.Object({ ...TASK_NAMES, ...page }, { additionalProperties: false });
const ExecutionsQuery = Type.Object({ kind: KIND, ...page }, { additionalProperties: false });

const next_cursor = Type.Union([Type.String(), Type.Null()], { description: 'null: this is the last page.' });
const TasksPage = Type.Object({ tasks: Type.Array(TaskViewSchema), next_cursor });
const ExecutionsPage = Type.Object({
  executions: Type.Array(ExecutionViewSchema, {
    description: 'One for every time that it ended: retried, an execution ends again.',
  }),
  next_cursor,
});

/** GET /history/tasks and GET /history/executions: the last to end first. */
export function historyRoutes({ history }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/history/tasks',
      { schema: { querystring: TasksQuery, response: { 200: okSchema(TasksPage) } } },
      async (request) => {
        const { rows, next_cursor } = await pageOf(
          request.query,
          (query) => history.ask((store) => listHistory(store, query)),
          (task) => task.task_id,
        );
        const tasks = rows.map((task) => taskView(task, null));
        return ok('HISTORY_RETRIEVED', `${tasks.length} ended tasks.`, { tasks, next_cursor });
      },
    );

    api.get(
      '/history/executions',
      { schema: { querystring: ExecutionsQuery, response: { 200: okSchema(ExecutionsPage) } } },
      async (request) => {
        const { rows, next_cursor } = await pageOf(
          request.query,
          (query) => history.ask((store) => listExecutionHistory(store, query)),
          (execution) => execution.execution_id,
        );
        const executions = rows.map(executionView);
        return ok('HISTORY_RETRIEVED', `${executions.length} ends of executions.`, {
          executions,
          next_cursor,
        });
      },
    );
  };
}

/** Reads one row more than asked for, to know whether there is a next page. */
async function pageOf<Query extends { limit?: number; cursor?: string }, Row extends Ended>(
  { limit = PAGE_DEFAULT, cursor, ...filter }: Query,
  read: (query: Omit<Query, 'limit' | 'cursor'> & { limit: number }) => Promise<Row[]>,
  idOf: (row: Row) => string,
): Promise<{ rows: Row[]; next_cursor: string | null }> {
  const after = cursor === undefined ? {} : { after: readHistoryCursor(cursor) };
  const found = await read({ ...filter, ...after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next_cursor: last && found.length > limit ? historyCursor(last, idOf(last)) : null };
}
