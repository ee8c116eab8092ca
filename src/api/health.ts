/**
 * /health and /ready: open to everybody, outside the envelope, answered in bounded time even while Redis or
 * Postgres hang. The HTTP status of /health says that web works; what doesn't is told in the body.
 */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { inTime } from '../in-time.ts';
import { readCallStop } from '../limits/limits-view.ts';
import { isRedisAway, queueAvailability } from '../queue/gate.ts';
import { redisCare } from '../queue/redis-care.ts';
import type { JobRegistry } from '../scheduler/registry.ts';
import { type QueueState, reasonsOf } from './health-reasons.ts';
import { type ScheduleHealth, scheduleHealth, scheduleReasons } from './schedule-health.ts';
import type { ApiDeps } from './server.ts';

/** Longest wait for the numbers of the queue, in ms; the gate has its own second before that. */
const NUMBERS_TIMEOUT_MS = 1000;

const Reason = Type.Union([Type.String(), Type.Null()]);
const NumbersSchema = Type.Object({
  depth: Type.Object({ high: Type.Integer(), normal: Type.Integer(), low: Type.Integer() }),
  running: Type.Integer(),
  delayed: Type.Integer({ description: 'Pending tasks that wait for a retry or for the call window.' }),
  parked: Type.Integer({ description: 'Pending tasks whose job type is busy.' }),
  blocked: Type.Integer({ description: 'Pending tasks that wait for others of their execution.' }),
  oldest_pending_age_seconds: Type.Union([Type.Number(), Type.Null()]),
});

const HealthSchema = Type.Object({
  status: Type.Enum(['ok', 'degraded']),
  reasons: Type.Array(Type.Object({ code: Type.String(), message: Type.String() }), {
    description: 'Why it is degraded; empty when it is ok.',
  }),
  queue: Type.Object({
    available: Type.Boolean(),
    reason: Reason,
    ...Type.Partial(NumbersSchema).properties,
  }),
  redis: Type.Object({
    eviction: Type.Enum(['never', 'possible', 'unknown']),
    append_only: Type.Enum(['on', 'off', 'unknown']),
  }),
  supervisors: Type.Object({
    alive: Type.Union([Type.Integer(), Type.Null()]),
    draining: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Those of them that are to claim nothing new.',
    }),
    threads: Type.Union([Type.Integer(), Type.Null()]),
  }),
  postgres: Type.Object({ available: Type.Boolean(), reason: Reason }),
  audit: Type.Object(
    {
      waiting: Type.Union([Type.Integer(), Type.Null()]),
      oldest_waiting_seconds: Type.Union([Type.Number(), Type.Null()]),
    },
    { description: 'Ends of tasks and executions that Redis holds until Postgres has them.' },
  ),
  schedules: Type.Object({
    enabled: Type.Union([Type.Integer(), Type.Null()]),
    silent: Type.Array(Type.String(), { description: 'Jobs without a success for SCHEDULE_SILENT_DAYS.' }),
    calendar_days_left: Type.Union([Type.Integer(), Type.Null()]),
  }),
});
export type Health = Static<typeof HealthSchema>;

/** GET /health and GET /ready. */
export function healthRoutes(deps: ApiDeps, jobs: JobRegistry): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/health', { schema: { response: { 200: HealthSchema } } }, () => healthOf(deps, jobs));
    app.get(
      '/ready',
      { schema: { response: { 200: Type.Object({ ready: Type.Boolean() }) } } },
      async () => ({
        ready: true,
      }),
    );
  };
}

async function healthOf(deps: ApiDeps, jobs: JobRegistry): Promise<Health> {
  const [availability, postgres, scheduled] = await Promise.all([
    queueAvailability(deps.config, deps.redis),
    deps.postgres.check(),
    scheduleHealth(deps, jobs),
  ]);
  const state = availability.available ? await stateOf(deps) : null;
  const reasons = [...reasonsOf(availability, state, postgres), ...scheduleReasons(scheduled)];
  const schedules = schedulesOf(scheduled);
  const status = reasons.length === 0 ? 'ok' : 'degraded';
  if (!state) {
    const queue = { available: false, reason: availability.reason ?? 'unreachable' };
    const redis = { eviction: 'unknown', append_only: 'unknown' } as const;
    const supervisors = { alive: null, draining: null, threads: null };
    const audit = { waiting: null, oldest_waiting_seconds: null };
    return { status, reasons, queue, redis, supervisors, postgres, audit, schedules };
  }
  const { queued: depth, running, delayed, parked, blocked, oldest_pending_ms } = state.depth;
  const { unaudited: waiting, oldest_unaudited_ms } = state.depth;
  const oldest_pending_age_seconds = secondsOf(oldest_pending_ms);
  const numbers = { depth, running, delayed, parked, blocked, oldest_pending_age_seconds };
  const draining = state.supervisors.filter((supervisor) => supervisor.draining).length;
  const threads = state.supervisors.reduce((sum, { details }) => sum + (details?.threads ?? 0), 0);
  return {
    status,
    reasons,
    queue: { available: true, reason: null, ...numbers },
    redis: state.care,
    supervisors: { alive: state.supervisors.length, draining, threads },
    postgres,
    audit: { waiting, oldest_waiting_seconds: secondsOf(oldest_unaudited_ms) },
    schedules,
  };
}

function schedulesOf(health: ScheduleHealth | null): Health['schedules'] {
  const enabled = health?.states.filter(({ config }) => config?.enabled);
  return {
    enabled: enabled?.length ?? null,
    silent: enabled?.filter(({ silence }) => silence?.silent).map(({ job_id }) => job_id) ?? [],
    calendar_days_left: health?.calendar_days_left ?? null,
  };
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

/** What the queue tells; null when it went away since the gate was passed, or hangs. */
async function stateOf({ config, queue, redis }: ApiDeps): Promise<QueueState | null> {
  if (!queue || !redis) return null;
  const asked = Promise.all([queue.depth(), queue.crew(), redisCare(redis), readCallStop(redis, config)]);
  try {
    const answers = await inTime(asked, NUMBERS_TIMEOUT_MS, null);
    if (!answers) return null;
    const [depth, crew, care, calls] = answers;
    return { depth, crew, care, calls, supervisors: crew.supervisors.filter(({ alive }) => alive) };
  } catch (error) {
    if (isRedisAway(error)) return null;
    throw error;
  }
}
