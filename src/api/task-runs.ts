/**
 * GET /tasks/:id/runs: each time that a task was taken up, and how that ended, from the feed of transitions. The feed
 * keeps the last 10,000 or so; of an older task only what its hash and the history say is known.
 */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { throughGate } from '../queue/gate.ts';
import { queueKeys } from '../queue/keys.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

export const RUN_ENDS = [
  'completed',
  'failed',
  'retry',
  'handed_back',
  'closed',
  'lost',
  'cancelled',
] as const;
type RunEnd = (typeof RUN_ENDS)[number];

/** Ends of a run that are ends of an attempt; after the others the same attempt goes on. */
const USES_ATTEMPT: ReadonlySet<RunEnd> = new Set(['completed', 'failed', 'retry', 'cancelled']);

/** Entries of the feed that one flight reads. */
const READ_AT_ONCE = 2_000;
/** Ids of the stream are times of the same clock as the task's own; a script may have taken this long, in ms. */
const SLACK_MS = 1_000;

const RunSchema = Type.Object({
  began_at: Type.String({ format: 'date-time' }),
  ended_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'null: it runs.',
  }),
  ended_as: Type.Union([Type.Enum([...RUN_ENDS]), Type.Null()], {
    description:
      'retry: an attempt ended badly and is repeated; handed_back, closed, lost: the same attempt goes on later.',
  }),
  attempt: Type.Integer({ description: 'Which attempt this run belongs to, from 1.' }),
  supervisor_id: Type.Union([Type.String(), Type.Null()]),
  fence: Type.Union([Type.Integer(), Type.Null()]),
  error_type: Type.Union([Type.String(), Type.Null()]),
});
const RunsSchema = Type.Object({
  runs: Type.Array(RunSchema, { description: 'In order.' }),
  complete: Type.Boolean({ description: 'false: the feed does not reach back to its submission.' }),
});
export type TaskRun = Static<typeof RunSchema>;
export type TaskRuns = Static<typeof RunsSchema>;

/** One transition of the task. */
export interface TaskEvent {
  /** ms since the epoch. */
  at: number;
  event: string;
  supervisor_id?: string | undefined;
  fence?: string | undefined;
  error_type?: string | undefined;
}

/** Answers 503 when Redis is away; TASK_NOT_FOUND for a task that has left it. */
export function taskRunRoutes({ config, redis, queue }: ApiDeps): FastifyPluginAsyncTypebox {
  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
  return async (api) => {
    api.get(
      '/tasks/:id/runs',
      { schema: { params, response: { 200: okSchema(RunsSchema) } } },
      async ({ params: { id } }) => {
        const answer = await throughGate(config, redis, async () => {
          const task = await queue?.get(id);
          if (!task || !redis) throw new ApiError('TASK_NOT_FOUND', `There is no task ${id} in the queue.`);
          const key = queueKeys(config.REDIS_KEY_PREFIX).events;
          const events = await eventsOf(redis, key, id, task.created_at, task.updated_at);
          return { runs: runsOf(events, task.attempt), complete: isWhole(events) };
        });
        return ok('RUNS_RETRIEVED', `${answer.runs.length} runs.`, answer);
      },
    );
  };
}

async function eventsOf(
  redis: QueueRedis,
  key: string,
  task_id: string,
  from: number,
  to: number,
): Promise<TaskEvent[]> {
  const events: TaskEvent[] = [];
  let start = String(from - SLACK_MS);
  for (;;) {
    const entries = await redis.xrange(key, start, String(to + SLACK_MS), 'COUNT', READ_AT_ONCE);
    for (const [id, list] of entries) {
      const fields: Record<string, string> = {};
      for (let at = 0; at + 1 < list.length; at += 2) fields[list[at] as string] = list[at + 1] as string;
      const { event = '', supervisor_id, fence, error_type } = fields;
      if (fields.task_id === task_id && event !== 'progress')
        events.push({ at: Number(id.split('-')[0]), event, supervisor_id, fence, error_type });
    }
    const last = entries.at(-1)?.[0];
    if (entries.length < READ_AT_ONCE || last === undefined) return events;
    start = `(${last}`;
  }
}

const isWhole = ([first]: readonly TaskEvent[]): boolean => first?.event === 'submitted';

/**
 * Folds transitions into runs: from a claim to what ended it.
 * @param ended attempts of the task that have ended: where the feed does not reach back to its submission, some of
 * them are not in it, and the runs are numbered from the last one back
 */
export function runsOf(events: readonly TaskEvent[], ended: number): TaskRun[] {
  const runs: TaskRun[] = [];
  let attempt = 1;
  for (const { at, event, supervisor_id, fence, error_type } of events) {
    const open = runs.at(-1);
    if (event === 'claimed') {
      runs.push({
        began_at: new Date(at).toISOString(),
        ended_at: null,
        ended_as: null,
        attempt,
        supervisor_id: supervisor_id ?? null,
        fence: fence === undefined ? null : Number(fence),
        error_type: null,
      });
    } else if (isEnd(event) && !open?.ended_at) {
      // a run whose claim is forgotten has ended an attempt, too
      if (USES_ATTEMPT.has(event)) attempt += 1;
      if (!open) continue;
      open.ended_at = new Date(at).toISOString();
      open.ended_as = event;
      open.error_type = error_type ?? null;
    }
  }
  const unseen = isWhole(events) ? 0 : Math.max(0, ended - (attempt - 1));
  return runs.map((run) => ({ ...run, attempt: run.attempt + unseen }));
}

const isEnd = (event: string): event is RunEnd => (RUN_ENDS as readonly string[]).includes(event);
