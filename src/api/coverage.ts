/** GET /datasets/:name/coverage and /gaps: the ledger against what should be there. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { Catalogue } from '../datasets/catalogue.ts';
import type { TableDataset } from '../datasets/dataset.ts';
import { readDate, shanghaiClock } from '../datasets/dates.ts';
import { modesOf } from '../datasets/modes.ts';
import { ApiError } from '../errors.ts';
import type { TaskMode } from '../queue/task.ts';
import { ledgerOf } from '../store/stored-data.ts';
import { givenUp } from '../store/sync-failures.ts';
import {
  countStates,
  type Gap,
  gapsOf,
  liesIn,
  PARTITION_STATES,
  type PartitionView,
  sumByMonth,
  viewPartitions,
} from '../sync/coverage-view.ts';
import { readMarket } from '../sync/market.ts';
import { type Market, planUnits, type Unit } from '../sync/plan.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import { tableDataset, withPlanErrors } from './table-dataset.ts';

const PAGE_DEFAULT = 400;
const day = (description: string) => Type.Optional(Type.String({ maxLength: 10, description }));
const SPAN = {
  from: day('First day, YYYYMMDD; partitions that are no time are in every span.'),
  to: day('Last day, YYYYMMDD.'),
};
const PAGE = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000, default: PAGE_DEFAULT })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
};
const STATE = Type.Enum([...PARTITION_STATES], {
  description: 'absent: expected, and never asked for.',
});
const CoverageQuery = Type.Object(
  { ...SPAN, state: Type.Optional(STATE), ...PAGE },
  { additionalProperties: false },
);
const GapsQuery = Type.Object({ ...SPAN, ...PAGE }, { additionalProperties: false });

const orNull = {
  text: Type.Union([Type.String(), Type.Null()]),
  integer: Type.Union([Type.Integer(), Type.Null()]),
};
const Counts = Object.fromEntries(PARTITION_STATES.map((state) => [state, Type.Integer()])) as Record<
  (typeof PARTITION_STATES)[number],
  ReturnType<typeof Type.Integer>
>;
const EXPECTED = Type.Object({
  known: Type.Boolean({ description: 'Whether it is known what should be there.' }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why not, or not all of it.' }),
});
const CoverageSchema = Type.Object({
  dataset: Type.String(),
  expected: EXPECTED,
  states: Type.Object(Counts, { description: 'Partitions of the span by state, whatever `state` asks for.' }),
  years: Type.Array(
    Type.Object({
      year: Type.Integer(),
      months: Type.Array(
        Type.Object({
          month: { ...orNull.integer, description: 'null: partitions that are whole years.' },
          partitions: Type.Integer(),
          rows: Type.Integer(),
          ...Counts,
        }),
      ),
    }),
  ),
  partitions: Type.Array(
    Type.Object({
      partition: Type.String(),
      date: orNull.text,
      state: STATE,
      expected_rows: orNull.integer,
      fetched_rows: Type.Integer(),
      fetched_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
      asked_again: Type.Boolean({ description: 'By an incremental run, by itself.' }),
    }),
  ),
  total: Type.Integer(),
  limit: Type.Integer(),
  offset: Type.Integer(),
});
export type CoverageAnswer = Static<typeof CoverageSchema>;

const GapsSchema = Type.Object({
  dataset: Type.String(),
  expected: EXPECTED,
  from: {
    ...orNull.text,
    description: 'The span looked at: without one, from the first day that is stored.',
  },
  partitions: Type.Integer({ description: 'Partitions that are gaps.' }),
  states: Type.Object(Counts),
  gaps: Type.Array(
    Type.Object({
      state: STATE,
      first: Type.String(),
      last: Type.String(),
      partitions: Type.Integer(),
      expected_rows: orNull.integer,
      fetched_rows: Type.Integer(),
      asked_again: Type.Boolean(),
    }),
    { description: 'Days (months, years) that follow each other in one state are one gap.' },
  ),
  total: Type.Integer(),
  limit: Type.Integer(),
  offset: Type.Integer(),
});
export type GapsAnswer = Static<typeof GapsSchema>;

/** Both answer 503 when Postgres is away. */
export function coverageRoutes(catalogue: Catalogue, data: DataReader): FastifyPluginAsyncTypebox {
  const params = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) });
  return async (api) => {
    api.get(
      '/datasets/:name/coverage',
      { schema: { params, querystring: CoverageQuery, response: { 200: okSchema(CoverageSchema) } } },
      async ({ params: { name }, query }) => {
        const dataset = tableDataset(catalogue, name);
        const { from, to } = spanOf(query);
        const { expected, partitions } = await partitionsOf(data, dataset);
        const inSpan = partitions.filter((view) => liesIn(view, from, to));
        const wanted = inSpan.filter(({ state }) => query.state === undefined || state === query.state);
        const states = countStates(inSpan);
        return ok('COVERAGE_RETRIEVED', `${states.complete} of ${inSpan.length} partitions are complete.`, {
          dataset: dataset.name,
          expected,
          states,
          years: sumByMonth(inSpan),
          partitions: pageOf(wanted, query).map((view) => ({
            ...view,
            fetched_at: view.fetched_at?.toISOString() ?? null,
          })),
          ...counted(wanted, query),
        });
      },
    );
    api.get(
      '/datasets/:name/gaps',
      { schema: { params, querystring: GapsQuery, response: { 200: okSchema(GapsSchema) } } },
      async ({ params: { name }, query }) => {
        const dataset = tableDataset(catalogue, name);
        const { expected, partitions } = await partitionsOf(data, dataset);
        const { from = firstStored(partitions), to } = spanOf(query);
        const gaps = gapsOf(partitions.filter((view) => liesIn(view, from, to)));
        const states = statesOf(gaps);
        const lacking = gaps.reduce((sum, gap) => sum + gap.partitions, 0);
        return ok('GAPS_RETRIEVED', `${lacking} partitions lack rows, or may.`, {
          dataset: dataset.name,
          expected,
          from: from ?? null,
          partitions: lacking,
          states,
          gaps: pageOf(gaps, query),
          ...counted(gaps, query),
        });
      },
    );
  };
}

/** Every partition with its state. What should be there is the plan of everything, where one can be made. */
async function partitionsOf(
  data: DataReader,
  dataset: TableDataset,
): Promise<{ expected: Static<typeof EXPECTED>; partitions: PartitionView[] }> {
  const mode = modesOf(dataset)[0] ?? 'full';
  const now = new Date();
  const { market, ledger, left } = await data.ask(async ({ pool }) => ({
    market: await readMarket(pool, dataset, mode, {}),
    ledger: await ledgerOf(pool, dataset.name),
    left: await givenUp(pool, [dataset.name]),
  }));
  const { units, reason } = expectedUnits(dataset, mode, market, now);
  const given = new Set(left.map(({ partition }) => partition));
  return {
    expected: { known: units !== null, reason },
    partitions: viewPartitions(units, ledger, given, now),
  };
}

/**
 * The plan of everything. A calendar that has ended says what should be there until then.
 * @returns units null: not known; reason: what is not, and what to do
 */
function expectedUnits(
  dataset: TableDataset,
  mode: TaskMode,
  market: Market | null,
  now: Date,
): { units: Unit[] | null; reason: string | null } {
  const end = market?.calendar?.last;
  const ended = end !== undefined && end < shanghaiClock(now).date;
  try {
    return {
      units: withPlanErrors(() => planUnits(dataset, mode, ended ? { end_date: end } : {}, market, now)),
      reason: ended ? `The trading calendar ends at ${end}: submit trade_cal full.` : null,
    };
  } catch (error) {
    if (error instanceof ApiError) return { units: null, reason: error.message };
    throw error;
  }
}

/** @throws ApiError VALIDATION_FAILED */
function spanOf(query: { from?: string; to?: string }): {
  from?: string | undefined;
  to?: string | undefined;
} {
  const read = (name: 'from' | 'to') => {
    const given = query[name];
    if (given === undefined) return undefined;
    const date = readDate(given);
    if (date) return date;
    throw new ApiError('VALIDATION_FAILED', `query.${name} must be a date that exists, as YYYYMMDD`);
  };
  return { from: read('from'), to: read('to') };
}

/** The first time of which something is known: before it nobody asked for anything. As a day. */
function firstStored(partitions: readonly PartitionView[]): string | undefined {
  const known = partitions.flatMap(({ state, date }) => (state === 'absent' || !date ? [] : [date])).sort();
  return known[0]?.padEnd(8, '0');
}

function statesOf(gaps: readonly Gap[]) {
  const states = countStates([]);
  for (const { state, partitions } of gaps) states[state] += partitions;
  return states;
}

const pageOf = <T>(list: readonly T[], { limit = PAGE_DEFAULT, offset = 0 }: Page): T[] =>
  list.slice(offset, offset + limit);
const counted = (list: readonly unknown[], { limit = PAGE_DEFAULT, offset = 0 }: Page) => ({
  total: list.length,
  limit,
  offset,
});
interface Page {
  limit?: number;
  offset?: number;
}
