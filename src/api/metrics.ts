/** GET /metrics: the queue and the budget of calls as Prometheus reads them. It needs `read`, as every query does. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { apiLimits } from '../limits/api-limits.ts';
import { type LimitsView, readLimits } from '../limits/limits-view.ts';
import type { Depth } from '../queue/depth.ts';
import { isRedisAway, queueAvailability } from '../queue/gate.ts';
import { makeIdentify } from './auth.ts';
import type { ApiDeps } from './server.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** One figure: its labels and its value. */
type Sample = [labels: Record<string, string>, value: number];
/** A gauge with what it says in one line. */
interface Gauge {
  name: string;
  help: string;
  samples: Sample[];
}

/** While Redis is away there is one figure: dayline_queue_available 0. */
export function metricsRoute(deps: ApiDeps): FastifyPluginAsyncTypebox {
  const identify = makeIdentify(deps.config);
  return async (app) => {
    app.get(
      '/metrics',
      { schema: { produces: ['text/plain'] }, onRequest: async (request) => void identify(request) },
      async (_request, reply) => {
        const gauges = await gaugesOf(deps);
        const available: Gauge = {
          name: 'dayline_queue_available',
          help: '1 while the queue can be used.',
          samples: [[{}, gauges ? 1 : 0]],
        };
        return reply.type(CONTENT_TYPE).send([available, ...(gauges ?? [])].map(textOf).join(''));
      },
    );
  };
}

async function gaugesOf({ config, redis, queue, catalogue }: ApiDeps): Promise<Gauge[] | null> {
  if (!redis || !queue || !(await queueAvailability(config, redis)).available) return null;
  try {
    const limits = apiLimits(catalogue.all(), config);
    const [depth, view] = await Promise.all([queue.depth(), readLimits(redis, config, limits)]);
    return [...queueGauges(depth), ...limitGauges(view)];
  } catch (error) {
    if (isRedisAway(error)) return null;
    throw error;
  }
}

function queueGauges(depth: Depth): Gauge[] {
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
    { name: 'dayline_supervisors', help: 'Supervisors that live.', samples: [[{}, supervisors]] },
  ];
}

/** A pool: the token's window, one of an API, or its documented limit (GET /api/v1/limits has the same). */
function limitGauges({ pools, opens_in_ms, closures, quotas }: LimitsView): Gauge[] {
  const ofPools = (name: string, help: string, figure: (pool: (typeof pools)[number]) => number): Gauge => ({
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

function textOf({ name, help, samples }: Gauge): string {
  const lines = samples.map(([labels, value]) => `${name}${labelsOf(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelsOf(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string) => value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
