/** GET /activity: what has ended over time, by outcome and type, and how long it waited and ran. From the history. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { activityByType, activityOf, type Span } from '../store/activity.ts';
import { BUCKETS, BUCKETS_AT_MOST, bucketFor, bucketsOf } from './activity-buckets.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import { HISTORY_WORDS } from './history-reader.ts';

const DAY_MS = 86_400_000;
/** Types of one answer. */
const TYPES_AT_MOST = 50;

const ActivityQuery = Type.Object(
  {
    from: Type.Optional(
      Type.String({ format: 'date-time', description: 'Begins with its bucket; a day before `to`.' }),
    ),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Ended before this moment; now.' })),
    bucket: Type.Optional(
      Type.Enum([...BUCKETS], {
        description: `Days are those of Shanghai. At most ${BUCKETS_AT_MOST} buckets; left out: as the span is long.`,
      }),
    ),
    job_type: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  { additionalProperties: false },
);

const Percentiles = Type.Object({ p50: Type.Number(), p95: Type.Number() });
const Figures = {
  completed: Type.Integer(),
  failed: Type.Integer(),
  cancelled: Type.Integer(),
  rows: Type.Number({ description: 'Rows stored.' }),
  wait_seconds: Type.Union([Percentiles, Type.Null()], {
    description: 'From submission to start, of tasks that ended with their first attempt.',
  }),
  run_seconds: Type.Union([Percentiles, Type.Null()], {
    description: 'From the start of the last attempt to the end.',
  }),
};
const ActivitySchema = Type.Object({
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time' }),
  bucket: Type.Enum([...BUCKETS]),
  totals: Type.Object(Figures),
  buckets: Type.Array(Type.Object({ from: Type.String({ format: 'date-time' }), ...Figures }), {
    description: 'In order, also those in which nothing ended; the last one goes up to `to`.',
  }),
  job_types: Type.Array(Type.Object({ job_type: Type.String(), ...Figures }), {
    description: `The ${TYPES_AT_MOST} types of which most has ended; with job_type only that one.`,
  }),
});
export type ActivityAnswer = Static<typeof ActivitySchema>;

/** Answers 503 HISTORY_UNAVAILABLE when Postgres is away. */
export function activityRoutes(data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/activity',
      { schema: { querystring: ActivityQuery, response: { 200: okSchema(ActivitySchema) } } },
      async ({ query: { job_type, ...asked } }) => {
        const { span, bucket, buckets } = readSpan(asked);
        const found = await data.ask(async (store) => {
          // one after the other: a long span must not take all connections
          const figures = await activityOf(store, buckets, job_type);
          const [totals] = await activityOf(store, [span], job_type);
          const types = job_type === undefined ? await activityByType(store, span, TYPES_AT_MOST) : null;
          return { figures, totals: totals as (typeof figures)[number], types };
        }, HISTORY_WORDS);
        const { figures, totals, types } = found;
        const ended = totals.completed + totals.failed + totals.cancelled;
        return ok('ACTIVITY_RETRIEVED', `${ended} tasks have ended.`, {
          from: iso(span.from),
          to: iso(span.to),
          bucket,
          totals,
          buckets: figures.map((each, n) => ({ from: iso((buckets[n] as Span).from), ...each })),
          job_types: types ?? (job_type !== undefined && ended > 0 ? [{ job_type, ...totals }] : []),
        });
      },
    );
  };
}

/** @throws ApiError VALIDATION_FAILED for a span that is none, or too long for its buckets */
function readSpan(asked: Pick<Static<typeof ActivityQuery>, 'from' | 'to' | 'bucket'>) {
  const to = asked.to === undefined ? Date.now() : Date.parse(asked.to);
  const from = asked.from === undefined ? to - DAY_MS : Date.parse(asked.from);
  if (!(from < to)) throw new ApiError('VALIDATION_FAILED', '`from` must be a moment before `to`.');
  const bucket = asked.bucket ?? bucketFor(to - from);
  const buckets = bucketsOf({ from, to }, bucket);
  const [first] = buckets ?? [];
  if (!buckets || !first)
    throw new ApiError(
      'VALIDATION_FAILED',
      `One answer has at most ${BUCKETS_AT_MOST} buckets: take a shorter span or a longer bucket.`,
    );
  return { span: { from: first.from, to }, bucket, buckets };
}

const iso = (ms: number): string => new Date(ms).toISOString();
