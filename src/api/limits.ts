/** GET /limits: the budget of calls, what is closed and who spends it. POST /limits/:scope/reopen: a person opens it. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { apiLimits } from '../limits/api-limits.ts';
import { Closures } from '../limits/closures.ts';
import { type LimitsView, readLimits } from '../limits/limits-view.ts';
import { throughGate } from '../queue/gate.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

const OrNull = {
  text: Type.Union([Type.String(), Type.Null()]),
  integer: Type.Union([Type.Integer(), Type.Null()]),
  instant: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
};

const PoolSchema = Type.Object({
  kind: Type.Enum(['token', 'api', 'documented'], {
    description: 'All calls; one API (scope api); the lower limit that is documented for one API.',
  }),
  api_name: OrNull.text,
  limit: Type.Integer({
    description: 'Most calls in any trailing window: the lowest of the live processes.',
  }),
  window_seconds: Type.Number(),
  used: Type.Integer({ description: 'Calls under way, and those of the last window.' }),
  free: Type.Integer(),
  next_free_at: { ...OrNull.instant, description: 'The next slot is free then, at the latest.' },
  spent_by: Type.Array(Type.Object({ process: Type.String(), used: Type.Integer() })),
});

const LimitsSchema = Type.Object({
  scope: Type.Enum(['token', 'api']),
  opens_at: {
    ...OrNull.instant,
    description: 'Redis had lost what it counted: no call before this moment. null: open.',
  },
  processes: Type.Array(
    Type.Object({ process: Type.String(), max_calls: Type.Integer(), window_seconds: Type.Number() }),
  ),
  pools: Type.Array(PoolSchema),
  closures: Type.Array(
    Type.Object({
      scope: Type.String({ description: 'An API, or all.' }),
      kind: Type.Enum(['frequency', 'quota', 'ip_limited', 'banned', 'by_hand']),
      reason: Type.String(),
      until: { ...OrNull.instant, description: 'null: until a person reopens it.' },
    }),
  ),
  quotas: Type.Array(
    Type.Object({
      api_name: Type.String(),
      calls_today: Type.Integer({ description: 'Since midnight in Shanghai.' }),
      quota: OrNull.integer,
    }),
  ),
});
export type Limits = Static<typeof LimitsSchema>;

/** Answers 503 when Redis is away. */
export function limitRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  const { config, redis } = deps;
  const limits = apiLimits(deps.catalogue.all(), config);
  // the gate refuses before the work when there is no connection
  const useRedis = <T>(work: (redis: QueueRedis) => Promise<T>) =>
    throughGate(config, redis, () => work(redis as QueueRedis));
  return async (api) => {
    api.get('/limits', { schema: { response: { 200: okSchema(LimitsSchema) } } }, async () => {
      const view = toAnswer(await useRedis((redis) => readLimits(redis, config, limits)));
      const [token] = view.pools;
      return ok('LIMITS_RETRIEVED', `${token?.used} of ${token?.limit} calls are used.`, view);
    });

    const params = Type.Object({ scope: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }) });
    const response = { 200: okSchema(Type.Object({ scope: Type.String() })) };
    api.post('/limits/:scope/reopen', { schema: { params, response } }, async ({ params: { scope } }) => {
      const was = await useRedis((redis) => new Closures(redis, config).reopen(scope));
      if (!was) throw new ApiError('NOT_FOUND', `${scope} is not closed: see GET /api/v1/limits.`);
      return ok('REOPENED', `${scope} is open again; waiting tasks come back at their next_run_at.`, {
        scope,
      });
    });
  };
}

function toAnswer({ opens_in_ms, pools, closures, ...view }: LimitsView): Limits {
  return {
    ...view,
    opens_at: opens_in_ms > 0 ? inMs(opens_in_ms) : null,
    pools: pools.map(({ next_free_in_ms, ...pool }) => ({
      ...pool,
      next_free_at: next_free_in_ms === null ? null : inMs(next_free_in_ms),
    })),
    closures: closures.map(({ until, ...closure }) => ({
      ...closure,
      until: until === null ? null : new Date(until).toISOString(),
    })),
  };
}

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}
