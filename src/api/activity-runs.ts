/** GET /activity/runs: which supervisor ran what when, of tasks that have ended. From the history. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { ApiError, type TaskErrorType } from '../errors.ts';
import { type EndedRun, endedRuns } from '../store/activity-runs.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import { HISTORY_WORDS } from './history-reader.ts';
import { readSpan } from './list-query.ts';

const HOUR_MS = 3_600_000;
/** More bars than a screen has pixels say nothing. */
const RUNS_AT_MOST = 2_000;
/** Failures with which the thread ended, too: killed at the deadline, out of memory, crashed, or lost with its process. */
const THREAD_ENDED: ReadonlySet<string | null> = new Set<TaskErrorType>([
  'timeout',
  'out_of_memory',
  'thread_crashed',
  'supervisor_lost',
]);

const RunsQuery = Type.Object(
  {
    from: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Ended at this moment or later; an hour before `to`.',
      }),
    ),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Ended before this moment; now.' })),
  },
  { additionalProperties: false },
);
const moment = Type.String({ format: 'date-time' });
const orNull = Type.Union([Type.String(), Type.Null()]);
const RunSchema = Type.Object({
  task_id: Type.String(),
  job_type: Type.String(),
  status: Type.Enum(['completed', 'failed', 'cancelled']),
  error_type: orNull,
  thread_ended: Type.Boolean({ description: 'Its thread was killed, crashed or lost with it.' }),
  supervisor_id: { ...orNull, description: 'null: it was lost.' },
  started_at: { ...moment, description: 'Of the last attempt.' },
  ended_at: moment,
});
const RunsSchema = Type.Object({
  from: {
    ...moment,
    description: 'All that ended since is told; later than asked for where that was too much.',
  },
  to: moment,
  runs: Type.Array(RunSchema, { description: `The last to end first, at most ${RUNS_AT_MOST}.` }),
});
export type ActivityRuns = Static<typeof RunsSchema>;
export type ActivityRun = Static<typeof RunSchema>;

/** Answers 503 HISTORY_UNAVAILABLE when Postgres is away. */
export function activityRunRoutes(data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/activity/runs',
      { schema: { querystring: RunsQuery, response: { 200: okSchema(RunsSchema) } } },
      async ({ query }) => {
        const asked = readSpan(query);
        const to = asked.to ?? Date.now();
        const from = asked.from ?? to - HOUR_MS;
        if (from >= to) throw new ApiError('VALIDATION_FAILED', '`from` must be a moment before `to`.');
        const found = await data.ask(
          (store) => endedRuns(store, { from, to }, RUNS_AT_MOST + 1),
          HISTORY_WORDS,
        );
        const more = found.length > RUNS_AT_MOST;
        const runs = found.slice(0, RUNS_AT_MOST);
        const since = more ? (runs.at(-1) as EndedRun).completed_at : new Date(from);
        return ok('RUNS_RETRIEVED', `${runs.length} runs have ended.`, {
          from: since.toISOString(),
          to: new Date(to).toISOString(),
          runs: runs.map(runView),
        });
      },
    );
  };
}

function runView(run: EndedRun): ActivityRun {
  const { task_id, job_type, last_error_type, owner } = run;
  const status = run.status as ActivityRun['status'];
  return {
    task_id,
    job_type,
    status,
    error_type: status === 'completed' ? null : last_error_type,
    // what is cancelled while it runs is ended by terminating its thread
    thread_ended: status === 'cancelled' || (status === 'failed' && THREAD_ENDED.has(last_error_type)),
    supervisor_id: owner,
    started_at: run.started_at.toISOString(),
    ended_at: run.completed_at.toISOString(),
  };
}
