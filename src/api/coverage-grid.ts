/** GET /coverage: every dataset against time, from the ledger. One answer of bounded size for a heatmap. */
import {
  type FastifyPluginAsyncTypebox,
  type Static,
  type TSchema,
  Type,
} from '@fastify/type-provider-typebox';
import { addDays, daysFromTo, readDate, shanghaiClock } from '../datasets/dates.ts';
import { GROUPS, type Group } from '../datasets/groups.ts';
import { ApiError } from '../errors.ts';
import { JobConfigs } from '../scheduler/job-configs.ts';
import { firstTime, ledgerByTime, openDays, type TimeCount, withEntries } from '../store/ledger-times.ts';
import { GRID_STEPS, type GridStep, gridColumns, gridRow } from '../sync/coverage-grid.ts';
import { PARTITION_STATES, type PartitionState } from '../sync/coverage-view.ts';
import { expectedTimes, isDated } from '../sync/expected-times.ts';
import { scheduledDatasets } from '../sync/scheduled-datasets.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

/** Days of a column at most, and so many columns: a year of days, ten years of weeks, forty of months. */
const COLUMNS_AT_MOST: Record<GridStep, number> = { day: 380, week: 160, month: 500 };
const DAYS_OF: Record<GridStep, number> = { day: 1, week: 7, month: 28 };
const YEAR_DAYS = 365;
/** Some datasets know days that are to come (unlocks of shares); nothing knows more than this. */
const AHEAD_DAYS = 400;

const Query = Type.Object(
  {
    by: Type.Optional(Type.Enum([...GRID_STEPS], { default: 'day', description: 'What a column is.' })),
    from: Type.Optional(
      Type.String({
        maxLength: 10,
        description: 'First day, YYYYMMDD; by month left out: the first stored.',
      }),
    ),
    to: Type.Optional(Type.String({ maxLength: 10, description: 'Last day, YYYYMMDD; today in Shanghai.' })),
    kept: Type.Optional(
      Type.Boolean({ default: false, description: 'Only datasets with data or a schedule.' }),
    ),
  },
  { additionalProperties: false },
);

/** One thing of each state. */
const perState = <T extends TSchema>(schema: T) =>
  Object.fromEntries(PARTITION_STATES.map((state) => [state, schema])) as Record<PartitionState, T>;
const Counts = Type.Partial(Type.Object(perState(Type.Array(Type.Integer()))), {
  description: 'Partitions by state, one number a column; a state that no column has is left out.',
});
const RowSchema = Type.Object({
  dataset: Type.String(),
  group: Type.Enum(Object.keys(GROUPS) as Group[]),
  stored: Type.Boolean({ description: 'The ledger has entries of it.' }),
  scheduled: Type.Boolean({ description: 'An enabled schedule fills it.' }),
  dated: Type.Boolean({
    description: 'It is asked for by times: days, months, years. Else by codes, or as a whole.',
  }),
  counts: Counts,
  undated: Type.Object(perState(Type.Integer()), {
    description: 'Partitions that are no time: codes, a list as a whole. Expected ones are not known.',
  }),
});
const GridSchema = Type.Object({
  by: Type.Enum([...GRID_STEPS]),
  from: Type.String(),
  to: Type.String(),
  first_stored: Type.Union([Type.String(), Type.Null()], {
    description: 'The first day, month or year in the ledger, as a day.',
  }),
  columns: Type.Array(
    Type.Object({
      date: Type.String({ description: 'The trading day, the first day of the week or month.' }),
      first: Type.String(),
      last: Type.String({ description: 'Closed days stand in the column of the trading day before them.' }),
    }),
  ),
  rows: Type.Array(RowSchema, { description: 'Those with data first, then scheduled ones, then the rest.' }),
});

export type CoverageGrid = Static<typeof GridSchema>;
export type CoverageGridRow = CoverageGrid['rows'][number];

/** Answers 503 when Postgres is away. */
export function coverageGridRoutes(
  { catalogue, config }: ApiDeps,
  data: DataReader,
): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/coverage',
      { schema: { querystring: Query, response: { 200: okSchema(GridSchema) } } },
      async ({ query }) => {
        const now = new Date();
        const by = query.by ?? 'day';
        const asked = { from: dayOf(query, 'from'), to: dayOf(query, 'to') };
        const tables = catalogue.all().filter((dataset) => dataset.runner === undefined);
        const names = tables.map(({ name }) => name);
        const { open, ledger, first, stored, schedules, span } = await data.ask(async (store) => {
          const first = await firstTime(store.pool, names);
          const span = checkedSpan(by, asked, first, now);
          return {
            first,
            span,
            stored: await withEntries(store.pool, names),
            open: await openDays(store.pool),
            ledger: await ledgerByTime(store.pool, span.from, span.to, by === 'month' ? 6 : 8),
            schedules: await new JobConfigs(store).getAllEnabled(),
          };
        });
        const columns = gridColumns(by, span.from, span.to, open);
        const scheduled = scheduledDatasets(config, catalogue, schedules, now.getTime());
        const byDataset = Map.groupBy(ledger, ({ dataset }) => dataset);
        const rows = tables
          .filter(({ name }) => !query.kept || stored.has(name) || scheduled.has(name))
          .map((dataset): CoverageGridRow => {
            const { name, group = 'own' } = dataset;
            const counts = byDataset.get(name) ?? [];
            return {
              dataset: name,
              group,
              stored: stored.has(name),
              scheduled: scheduled.has(name),
              dated: isDated(dataset),
              counts: gridRow(columns, counts, expectedTimes(dataset, open, span.from, span.to, now)),
              undated: undatedOf(counts),
            };
          })
          .toSorted((a, b) => rank(a) - rank(b));
        return ok('COVERAGE_RETRIEVED', `${rows.length} datasets, ${columns.length} columns.`, {
          by,
          ...span,
          first_stored: asDay(first),
          columns,
          rows,
        });
      },
    );
  };
}

const rank = ({ stored, scheduled }: CoverageGridRow): number => (stored ? 0 : scheduled ? 1 : 2);

function undatedOf(counts: readonly TimeCount[]): CoverageGridRow['undated'] {
  const sums = Object.fromEntries(PARTITION_STATES.map((state) => [state, 0])) as CoverageGridRow['undated'];
  for (const { time, state, partitions } of counts) if (time === null) sums[state] += partitions;
  return sums;
}

const asDay = (time: string | null): string | null =>
  time === null ? null : time.length === 8 ? time : `${time.padEnd(6, '01')}01`;

/** @throws ApiError VALIDATION_FAILED */
function dayOf(query: Static<typeof Query>, name: 'from' | 'to'): string | undefined {
  const given = query[name];
  const date = given === undefined ? undefined : readDate(given);
  if (date === null)
    throw new ApiError('VALIDATION_FAILED', `query.${name} must be a date that exists, as YYYYMMDD`);
  return date;
}

/** @throws ApiError VALIDATION_FAILED for a span that is backwards, or has too many columns */
function checkedSpan(
  by: GridStep,
  { from, to = shanghaiClock(new Date()).date }: { from?: string | undefined; to?: string | undefined },
  first: string | null,
  now: Date,
): { from: string; to: string } {
  const today = shanghaiClock(now).date;
  const since = by === 'month' ? asDay(first) : null;
  const begin = from ?? (since && since < to ? since : addDays(to < today ? to : today, -YEAR_DAYS));
  if (to > addDays(today, AHEAD_DAYS))
    throw new ApiError('VALIDATION_FAILED', `query.to ${to} is more than ${AHEAD_DAYS} days ahead`);
  const columns = Math.ceil(daysFromTo(begin, to) / DAYS_OF[by]);
  if (columns < 1)
    throw new ApiError('VALIDATION_FAILED', `the span is backwards: ${begin} comes after ${to}`);
  if (columns > COLUMNS_AT_MOST[by])
    throw new ApiError(
      'VALIDATION_FAILED',
      `from ${begin} to ${to} are some ${columns} columns of a ${by}, at most ${COLUMNS_AT_MOST[by]}: ask for a shorter span, or by week or month`,
    );
  return { from: begin, to };
}
