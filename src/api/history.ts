/** What tasks ended with, from Postgres: also of those that have left Redis (R29). */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { type Task, TERMINAL_STATUSES } from '../queue/task.ts';
import { type HistoryPlace, listHistory } from '../store/task-history.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';
import { TaskViewSchema, taskView } from './task-view.ts';

const PAGE_DEFAULT = 50;
const name = Type.Optional(Type.String({ minLength: 1, maxLength: 120 }));
const moment = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

const HistoryQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...TERMINAL_STATUSES])),
    job_type: name,
    dataset: name,
    execution_id: name,
    from: moment('Ended at this moment or later.'),
    to: moment('Ended before this moment.'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: PAGE_DEFAULT })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before.' })),
  },
  { additionalProperties: false },
);

const HistoryPage = Type.Object({
  tasks: Type.Array(TaskViewSchema),
  next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'null: this is the last page.' }),
});

/** GET /history/tasks: the last to end first. */
export function historyRoutes({ history }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/history/tasks',
      { schema: { querystring: HistoryQuery, response: { 200: okSchema(HistoryPage) } } },
      async (request) => {
        const { limit = PAGE_DEFAULT, cursor, ...filter } = request.query;
        const after = cursor === undefined ? {} : { after: readCursor(cursor) };
        // one more than asked for, to know whether there is a next page
        const found = await history.ask((store) =>
          listHistory(store, { ...filter, ...after, limit: limit + 1 }),
        );
        const page = found.slice(0, limit);
        const next_cursor = found.length > limit ? cursorAt(page.at(-1) as Task) : null;
        const tasks = page.map((task) => taskView(task, null));
        return ok('HISTORY_RETRIEVED', `${tasks.length} ended tasks.`, { tasks, next_cursor });
      },
    );
  };
}

function cursorAt({ completed_at, task_id, attempt, status }: Task): string {
  return Buffer.from(JSON.stringify([completed_at, task_id, attempt, status])).toString('base64url');
}

/** @throws ApiError VALIDATION_FAILED */
function readCursor(cursor: string): HistoryPlace {
  try {
    const [completed_at, task_id, attempt, status] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const fits =
      Number.isSafeInteger(completed_at) && typeof task_id === 'string' && Number.isInteger(attempt);
    if (fits && TERMINAL_STATUSES.includes(status)) return { completed_at, task_id, attempt, status };
  } catch {
    // told below
  }
  throw new ApiError('VALIDATION_FAILED', 'query.cursor must be the next_cursor of a page before');
}
