/** /tasks/bulk: GET counts what POST would cancel, stop or run again: every task that matches. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { useQueue } from '../queue/access.ts';
import type { Queue } from '../queue/queue.ts';
import { retryTask } from '../queue/retry-task.ts';
import type { Task, TaskStatus } from '../queue/task.ts';
import { ok, okSchema } from './envelope.ts';
import { readSpan, spanQuery, TASK_NAMES } from './list-query.ts';
import type { ApiDeps } from './server.ts';

/** What each action is done to. */
const ACTS_ON = {
  cancel: ['pending'],
  stop: ['running'],
  retry: ['failed', 'cancelled'],
} as const satisfies Record<string, readonly TaskStatus[]>;
type BulkAction = keyof typeof ACTS_ON;

/** Tasks of one request: more would keep a caller waiting; it asks again for what remains. */
const DONE_AT_MOST = 500;
/** Tasks of a status, of all types, that are looked through: ten calls, some 5 ms each. */
const LOOKED_AT_MOST = 10_000;
/** Actions under way at once. */
const AT_ONCE = 25;

const Filter = Type.Object(
  {
    action: Type.Enum(Object.keys(ACTS_ON) as BulkAction[], {
      description: 'cancel: of waiting tasks; stop: of running ones; retry: of failed and cancelled ones.',
    }),
    status: Type.Optional(Type.Enum(['pending', 'running', 'failed', 'cancelled'])),
    ...TASK_NAMES,
    ...spanQuery('Submitted'),
  },
  { additionalProperties: false },
);

const MATCHED = Type.Integer({
  description: 'Tasks that the action can be done to, of the newest 10,000 of each status.',
});
const CountSchema = Type.Object({ matched: MATCHED });
const BulkSchema = Type.Object({
  matched: MATCHED,
  done: Type.Integer(),
  refused: Type.Array(Type.Object({ code: Type.String(), message: Type.String(), tasks: Type.Integer() }), {
    description: 'Why it was not done to the others, by code; they had changed meanwhile, for instance.',
  }),
  remaining: Type.Integer({
    description: `Matched ones that were not tried: one request does at most ${DONE_AT_MOST}. Ask again.`,
  }),
});
export type BulkCount = Static<typeof CountSchema>;
export type BulkAnswer = Static<typeof BulkSchema>;

/** Answers 503 when Redis is away. */
export function bulkTaskRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/tasks/bulk',
      { schema: { querystring: Filter, response: { 200: okSchema(CountSchema) } } },
      async ({ query }) => {
        const { length: matched } = await useQueue(deps, (queue) => matching(queue, query));
        return ok('TASKS_COUNTED', `${matched} tasks match.`, { matched });
      },
    );
    api.post(
      '/tasks/bulk',
      { schema: { body: Filter, response: { 200: okSchema(BulkSchema) } } },
      async ({ body }) => {
        const found = await useQueue(deps, (queue) => matching(queue, body));
        const chosen = found.slice(0, DONE_AT_MOST);
        const faults = await doAll(chosen, (task) => actOn(deps, body.action, task));
        const done = chosen.length - faults.length;
        return ok('TASKS_CHANGED', `${body.action}: ${done} of ${chosen.length} tasks.`, {
          matched: found.length,
          done,
          refused: byCode(faults),
          remaining: found.length - chosen.length,
        });
      },
    );
  };
}

/** The ids that the action can be done to; a task that was retried already is none of them. The oldest first. */
async function matching(
  queue: Queue,
  { action, status, ...asked }: Static<typeof Filter>,
): Promise<string[]> {
  const filter = { ...asked, ...readSpan(asked) };
  const statuses = (ACTS_ON[action] as readonly TaskStatus[]).filter(
    (one) => status === undefined || one === status,
  );
  const ids: string[] = [];
  for (const one of statuses) {
    for await (const task of queue.each({ ...filter, status: one }, LOOKED_AT_MOST)) {
      if (isOpen(action, task)) ids.push(task.task_id);
    }
  }
  return ids.reverse();
}

const isOpen = (action: BulkAction, task: Task): boolean =>
  action === 'retry' ? task.retried_as === null : action === 'cancel' || task.stop_requested_at === null;

function actOn(deps: ApiDeps, action: BulkAction, task_id: string): Promise<unknown> {
  if (action === 'retry') return retryTask(deps, task_id);
  return useQueue(deps, (queue) => queue[action](task_id));
}

/** Some at a time. @returns why it was refused, of those that were; anything else that goes wrong is thrown */
async function doAll(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<ApiError[]> {
  const faults: ApiError[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const results = await Promise.allSettled(ids.slice(from, from + AT_ONCE).map(act));
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      const fault = result.reason;
      if (!(fault instanceof ApiError) || fault.code === 'QUEUE_UNAVAILABLE') throw fault;
      faults.push(fault);
    }
  }
  return faults;
}

/** One line a code, with the message of the first. */
function byCode(faults: readonly ApiError[]): BulkAnswer['refused'] {
  const groups = Map.groupBy(faults, ({ code }) => code);
  return [...groups].map(([code, some]) => ({ code, message: some[0]?.message ?? '', tasks: some.length }));
}
