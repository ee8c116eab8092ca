/** GET /supervisors: who works, since when, and at what. POST …/drain and …/resume: whether one takes new tasks. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { useQueue } from '../queue/access.ts';
import type { SupervisorState } from '../queue/supervisors.ts';
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
  alive: Type.Boolean({
    description: 'Its last heartbeat is at most 5 s old, or 8 s when it had nothing to do.',
  }),
  draining: Type.Boolean({
    description: 'It ends what it runs and takes nothing new, from its next heartbeat on (2 s).',
  }),
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
const Id = Type.Object({ supervisor_id: Type.String({ minLength: 1, maxLength: 100 }) });
const WishSchema = Type.Object({ supervisor_id: Type.String(), draining: Type.Boolean() });
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

    const wish = { schema: { params: Id, response: { 200: okSchema(WishSchema) } } };
    api.post('/supervisors/:supervisor_id/drain', wish, async ({ params: { supervisor_id } }) => {
      await useQueue(deps, (queue) => queue.drain(supervisor_id, true));
      const message = `${supervisor_id} ends what it runs, and within 2 s takes nothing new.`;
      return ok('SUPERVISOR_DRAINING', message, { supervisor_id, draining: true });
    });
    api.post('/supervisors/:supervisor_id/resume', wish, async ({ params: { supervisor_id } }) => {
      await useQueue(deps, (queue) => queue.drain(supervisor_id, false));
      const message = `${supervisor_id} takes tasks again, within 2 s.`;
      return ok('SUPERVISOR_RESUMED', message, { supervisor_id, draining: false });
    });
  };
}

function view(supervisor: SupervisorState) {
  const { supervisor_id, alive, heartbeat_age_ms, details, draining, running } = supervisor;
  return {
    supervisor_id,
    alive,
    draining,
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
