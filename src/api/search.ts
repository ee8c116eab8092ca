/** GET /search: what a person has of an id leads to the task or the execution, also when it has left Redis. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { askQueue } from '../queue/access.ts';
import type { Execution } from '../queue/execution.ts';
import { TASK_STATUSES, type Task } from '../queue/task.ts';
import { listExecutionHistory } from '../store/execution-history.ts';
import { listHistory } from '../store/task-history.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

/** Of each kind. */
const FOUND_AT_MOST = 10;

const Query = Type.Object(
  { id: Type.String({ minLength: 3, maxLength: 100, description: 'What the id begins with.' }) },
  { additionalProperties: false },
);

const Found = Type.Object({
  kind: Type.Enum(['task', 'execution']),
  id: Type.String(),
  label: Type.String({ description: 'The job type of a task, those of an execution.' }),
  status: Type.Enum([...TASK_STATUSES]),
  created_at: Type.String({ format: 'date-time', description: 'When it was submitted.' }),
});
type Found = Static<typeof Found>;

const Answer = Type.Object({
  found: Type.Array(Found, { description: 'At most 10 tasks and 10 executions.' }),
  history: Type.Boolean({ description: 'false: Postgres did not answer, and only Redis was searched.' }),
});

export function searchRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/search',
      { schema: { querystring: Query, response: { 200: okSchema(Answer) } } },
      async ({ query: { id } }) => {
        const [live, past] = await Promise.all([
          askQueue(deps, (queue) => queue.find(id, FOUND_AT_MOST)),
          findInHistory(deps, id),
        ]);
        const tasks = [...live.tasks, ...(past?.tasks ?? [])].map(taskFound);
        const executions = [...live.executions, ...(past?.executions ?? [])].map(executionFound);
        const found = [...firstOfEach(tasks), ...firstOfEach(executions)];
        return ok('SEARCHED', `${found.length} begin with ${id}.`, { found, history: past !== null });
      },
    );
  };
}

/** null: Postgres does not answer; what Redis has is worth showing all the same. */
async function findInHistory({ history }: ApiDeps, id: string) {
  const query = { id, limit: FOUND_AT_MOST };
  try {
    return await history.ask(async (store) => ({
      tasks: await listHistory(store, query),
      executions: await listExecutionHistory(store, query),
    }));
  } catch (error) {
    if (error instanceof ApiError && error.code === 'HISTORY_UNAVAILABLE') return null;
    throw error;
  }
}

const taskFound = ({ task_id, job_type, status, created_at }: Task): Found => ({
  kind: 'task',
  id: task_id,
  label: job_type,
  status,
  created_at: new Date(created_at).toISOString(),
});

const executionFound = ({ execution_id, label, status, created_at }: Execution): Found => ({
  kind: 'execution',
  id: execution_id,
  label,
  status,
  created_at: new Date(created_at).toISOString(),
});

/** What stands in Redis comes first, and is newer than the same in the history. */
function firstOfEach(found: Found[]): Found[] {
  const first = new Map<string, Found>();
  for (const one of found) if (!first.has(one.id)) first.set(one.id, one);
  return [...first.values()].slice(0, FOUND_AT_MOST);
}
