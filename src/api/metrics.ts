/**
 * GET /metrics: queue, threads, budget of calls, rows, coverage and durations as Prometheus reads them. It needs
 * `read`, as every query does.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { apiLimits } from '../limits/api-limits.ts';
import { type LimitsView, readLimits } from '../limits/limits-view.ts';
import type { Depth } from '../queue/depth.ts';
import { isRedisAway, queueAvailability } from '../queue/gate.ts';
import type { Crew } from '../queue/supervisors.ts';
import { makeIdentify } from './auth.ts';
import type { DataReader } from './data-reader.ts';
import { type Metric, type Sample, textOf } from './metric-text.ts';
import type { ApiDeps } from './server.ts';
import { storeMetrics } from './store-metrics.ts';
import { FigureReader } from './stored-figures.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What can't be asked is left out: dayline_queue_available and dayline_postgres_available say why. */
export function metricsRoute(deps: ApiDeps, data: DataReader): FastifyPluginAsyncTypebox {
  const identify = makeIdentify(deps.config);
  return async (app) => {
    const figures = new FigureReader(data, app.log);
    app.get(
      '/metrics',
      { schema: { produces: ['text/plain'] }, onRequest: async (request) => void identify(request) },
      async (_request, reply) => {
        const [queue, stored] = await Promise.all([queueMetricsOf(deps), figures.read()]);
        const metrics = [
          available('dayline_queue_available', 'the queue can be used', queue !== null),
          available('dayline_postgres_available', 'the figures of Postgres are here', stored !== null),
          ...(queue ?? []),
          ...(stored ? storeMetrics(stored) : []),
        ];
        return reply.type(CONTENT_TYPE).send(metrics.map(textOf).join(''));
      },
    );
  };
}

const available = (name: string, what: string, is: boolean): Metric => ({
  name,
  help: `1 while ${what}.`,
  samples: [[{}, is ? 1 : 0]],
});

async function queueMetricsOf({ config, redis, queue, catalogue }: ApiDeps): Promise<Metric[] | null> {
  if (!redis || !queue || !(await queueAvailability(config, redis)).available) return null;
  try {
    const limits = apiLimits(catalogue.all(), config);
    const [depth, crew, view] = await Promise.all([
      queue.depth(),
      queue.crew(),
      readLimits(redis, config, limits),
    ]);
    return [...queueGauges(depth), ...threadMetrics(crew), ...limitGauges(view)];
  } catch (error) {
    if (isRedisAway(error)) return null;
    throw error;
  }
}

function queueGauges(depth: Depth): Metric[] {
  const { queued, running, delayed, parked, blocked, oldest_pending_ms, supervisors } = depth;
  const states = Object.entries({ running, delayed, parked, blocked });
  return [
    {
      name: 'dayline_tasks',
      help: 'Tasks by where they are; queued ones by priority.',
      samples: [
        ...Object.entries(queued).map(([priority, n]): Sample => [{ state: 'queued', priority }, n]),
        ...states.map(([state, n]): Sample => [{ state, priority: '' }, n]),
      ],
    },
    {
      name: 'dayline_oldest_pending_seconds',
      help: 'Age of the oldest pending task; 0: there is none.',
      samples: [[{}, (oldest_pending_ms ?? 0) / 1000]],
    },
    {
      name: 'dayline_history_waiting',
      help: 'Ends of tasks that Postgres does not have yet.',
      samples: [[{}, depth.unaudited]],
    },
    {
      name: 'dayline_history_refused',
      help: 'Ends of tasks that are not in the history: Postgres could not hold them, or they were deleted from Redis.',
      samples: [[{}, depth.refused]],
    },
    { name: 'dayline_supervisors', help: 'Supervisors that live.', samples: [[{}, supervisors]] },
  ];
}

/** Of the supervisors that live. */
function threadMetrics({ supervisors }: Crew): Metric[] {
  const alive = supervisors.flatMap(({ supervisor_id, alive, details, running }) =>
    details && alive ? [{ supervisor: supervisor_id, ...details, busy: running.length }] : [],
  );
  return [
    {
      name: 'dayline_threads',
      help: 'Worker threads, by whether they have a task.',
      samples: alive.flatMap(({ supervisor, threads, busy }): Sample[] => [
        [{ supervisor, state: 'busy' }, busy],
        [{ supervisor, state: 'idle' }, Math.max(0, threads - busy)],
      ]),
    },
    {
      name: 'dayline_thread_kills_total',
      help: 'Threads ended by force since the supervisor started: deadlines, stops, lost locks and leases.',
      type: 'counter',
      samples: alive.map(({ supervisor, killed_threads }) => [{ supervisor }, killed_threads]),
    },
    {
      name: 'dayline_supervisors_draining',
      help: 'Of the supervisors that live, those that are to claim nothing new.',
      samples: [[{}, supervisors.filter(({ alive, draining }) => alive && draining).length]],
    },
  ];
}

/** A pool: the token's window, one of an API, or its documented limit (GET /api/v1/limits has the same). */
function limitGauges({ pools, opens_in_ms, closures, quotas }: LimitsView): Metric[] {
  const ofPools = (name: string, help: string, figure: (pool: (typeof pools)[number]) => number): Metric => ({
    name,
    help,
    samples: pools.map((pool) => [{ kind: pool.kind, api: pool.api_name ?? '' }, figure(pool)]),
  });
  return [
    ofPools('dayline_calls_limit', 'Most calls in any trailing window.', ({ limit }) => limit),
    ofPools('dayline_calls_used', 'Calls under way, and those of the last window.', ({ used }) => used),
    ofPools('dayline_calls_free', 'Calls that could start now.', ({ free }) => free),
    ofPools(
      'dayline_calls_next_free_seconds',
      'Until the next used slot is free, at the latest; 0: none is used.',
      ({ next_free_in_ms }) => (next_free_in_ms ?? 0) / 1000,
    ),
    {
      name: 'dayline_calls_open_in_seconds',
      help: 'Until calls are made again after Redis had lost what it counted; 0: they are.',
      samples: [[{}, opens_in_ms / 1000]],
    },
    {
      name: 'dayline_calls_closed',
      help: '1 for what TuShare has closed: an API, or all.',
      samples: closures.map(({ scope, kind }) => [{ scope, kind }, 1]),
    },
    {
      name: 'dayline_calls_today',
      help: 'Calls since midnight in Shanghai, by API.',
      samples: quotas.map(({ api_name, calls_today }) => [{ api: api_name }, calls_today]),
    },
  ];
}
