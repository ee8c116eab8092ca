/** GET /supervisors: who works, since when, and at what. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { useQueue } from '../queue/access.ts';
import { isAlive, type SupervisorState } from '../queue/supervisors.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

const instant = Type.String({ format: 'date-time' });
const OrNull = {
  text: Type.Union([Type.String(), Type.Null()]),
  integer: Type.Union([Type.Integer(), Type.Null()]),
  instant: Type.Union([instant, Type.Null()]),
};

const SupervisorSchema = Type.Object({
  supervisor_id: Type.String(),
  alive: Type.Boolean({ description: 'Its last heartbeat is at most 5 s old.' }),
  heartbeat_age_seconds: Type.Number(),
  pid: OrNull.integer,
  host: OrNull.text,
  version: OrNull.text,
  started_at: OrNull.instant,
  threads: OrNull.integer,
  killed_threads: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Threads it has terminated since it started: deadlines, stops, lost locks and leases.',
  }),
  running: Type.Array(
    Type.Object({ task_id: Type.String(), job_type: Type.String(), deadline_at: instant }),
    { description: 'By the leases in Redis; of a lost one until others take its tasks over.' },
  ),
});
export type SupervisorView = Static<typeof SupervisorSchema>;

/** Answers 503 when Redis is away. A supervisor that was lost is listed for a minute. */
export function supervisorRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = {
      response: { 200: okSchema(Type.Object({ supervisors: Type.Array(SupervisorSchema) })) },
    };
    api.get('/supervisors', { schema }, async () => {
      const crew = await useQueue(deps, (queue) => queue.crew());
      const supervisors = crew.supervisors.map(view);
      const alive = supervisors.filter((supervisor) => supervisor.alive).length;
      return ok('SUPERVISORS_RETRIEVED', `${alive} alive.`, { supervisors });
    });
  };
}

function view(supervisor: SupervisorState) {
  const { supervisor_id, heartbeat_age_ms, details, running } = supervisor;
  return {
    supervisor_id,
    alive: isAlive(supervisor),
    heartbeat_age_seconds: heartbeat_age_ms / 1000,
    pid: details?.pid ?? null,
    host: details?.host ?? null,
    version: details?.version ?? null,
    started_at: details ? new Date(details.started_at).toISOString() : null,
    threads: details?.threads ?? null,
    killed_threads: details?.killed_threads ?? null,
    running: running.map((task) => ({ ...task, deadline_at: new Date(task.deadline_at).toISOString() })),
  };
}
