/** GET /datasets/:name/days/:date and /symbols/:ts_code: one day of a dataset, and one code of it, against what should be there. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { Catalogue } from '../datasets/catalogue.ts';
import { hasSymbolDays, type TableDataset } from '../datasets/dataset.ts';
import { readDate, shanghaiClock } from '../datasets/dates.ts';
import { ApiError } from '../errors.ts';
import { codeDays, dayCodes } from '../store/day-codes.ts';
import { openDays } from '../store/ledger-times.ts';
import { dateFieldOf, ledgerOf } from '../store/stored-data.ts';
import { failuresOf, givenUp } from '../store/sync-failures.ts';
import { PARTITION_STATES, viewPartitions } from '../sync/coverage-view.ts';
import { expectedTimes } from '../sync/expected-times.ts';
import { eachCombination, partitionName } from '../sync/partition.ts';
import { SYMBOL_STATES, symbolCoverage } from '../sync/symbol-coverage.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import { tableDataset } from './table-dataset.ts';

/** Codes and stretches of days that one answer names at most. */
const NAMED_AT_MOST = 500;

const name = Type.String({ minLength: 1, maxLength: 100 });
const orNull = {
  text: Type.Union([Type.String(), Type.Null()]),
  integer: Type.Union([Type.Integer(), Type.Null()]),
};

const DaySchema = Type.Object({
  dataset: Type.String(),
  date: Type.String(),
  trading_day: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: the calendar does not say.' }),
  expected: Type.Boolean({ description: 'A partition of this day should be there by now.' }),
  partitions: Type.Array(
    Type.Object({
      partition: Type.String(),
      state: Type.Enum([...PARTITION_STATES]),
      expected_rows: orNull.integer,
      fetched_rows: Type.Integer(),
      fetched_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
      asked_again: Type.Boolean(),
    }),
    { description: 'Also the month or year that the day lies in, where those are the partitions.' },
  ),
  failures: Type.Array(
    Type.Object({
      partition: Type.String(),
      error_type: Type.String(),
      error_message: Type.String(),
      retry_count: Type.Integer(),
      max_retries: Type.Integer(),
      last_attempt_at: Type.String({ format: 'date-time' }),
    }),
  ),
  codes: Type.Union(
    [
      Type.Object({
        listed: Type.Integer(),
        present: Type.Integer(),
        suspended: { ...orNull.integer, description: 'null: suspend_d does not have the day.' },
        missing_total: Type.Integer(),
        missing: Type.Array(
          Type.Object({ ts_code: Type.String(), name: orNull.text, list_date: Type.String() }),
          {
            description: `At most ${NAMED_AT_MOST}, by code.`,
          },
        ),
      }),
      Type.Null(),
    ],
    { description: 'Listed stocks against rows; null: nothing says which codes there should be.' },
  ),
});
export type DayCoverage = Static<typeof DaySchema>;

const Counts = Object.fromEntries(SYMBOL_STATES.map((state) => [state, Type.Integer()])) as Record<
  (typeof SYMBOL_STATES)[number],
  ReturnType<typeof Type.Integer>
>;
const SymbolSchema = Type.Object({
  dataset: Type.String(),
  ts_code: Type.String(),
  name: orNull.text,
  list_date: { ...orNull.text, description: 'From stock_basic; null: it has no such code.' },
  delist_date: orNull.text,
  from: { ...orNull.text, description: 'The first day that it should have; null: nothing says.' },
  to: orNull.text,
  counts: Type.Object(Counts, {
    description: 'Days: with a row, suspended, fetched without it (missing), never asked for (absent).',
  }),
  months: Type.Array(Type.Object({ month: Type.String(), ...Counts })),
  gaps: Type.Array(
    Type.Object({
      state: Type.Enum(['missing', 'absent']),
      first: Type.String(),
      last: Type.String(),
      days: Type.Integer(),
    }),
    { description: `Days that follow each other as one, the newest first; at most ${NAMED_AT_MOST}.` },
  ),
  gaps_total: Type.Integer(),
});
export type SymbolCoverageAnswer = Static<typeof SymbolSchema>;

/** Both answer 503 when Postgres is away. */
export function coverageDayRoutes(catalogue: Catalogue, data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/datasets/:name/days/:date',
      {
        schema: {
          params: Type.Object({ name, date: Type.String({ maxLength: 10 }) }),
          response: { 200: okSchema(DaySchema) },
        },
      },
      async ({ params }) => {
        const dataset = tableDataset(catalogue, params.name);
        const date = readDate(params.date);
        if (!date) throw new ApiError('VALIDATION_FAILED', 'the day must be a date that exists, as YYYYMMDD');
        const day = await readDay(data, dataset, date);
        return ok('DAY_RETRIEVED', `${dataset.name} on ${date}.`, day);
      },
    );
    api.get(
      '/datasets/:name/symbols/:ts_code',
      {
        schema: {
          params: Type.Object({ name, ts_code: Type.String({ minLength: 1, maxLength: 50 }) }),
          response: { 200: okSchema(SymbolSchema) },
        },
      },
      async ({ params }) => {
        const dataset = tableDataset(catalogue, params.name);
        const symbol = await readSymbol(data, dataset, params.ts_code);
        const { present, missing } = symbol.counts;
        return ok('SYMBOL_RETRIEVED', `${present} days with a row, ${missing} without.`, symbol);
      },
    );
  };
}

async function readDay(data: DataReader, dataset: TableDataset, date: string): Promise<DayCoverage> {
  const now = new Date();
  const column = hasListedStocks(dataset) ? dateFieldOf(dataset) : null;
  const { open, ledger, left, failures, codes } = await data.ask(async ({ pool }) => ({
    open: await openDays(pool),
    ledger: await ledgerOf(pool, dataset.name, [date, date.slice(0, 6), date.slice(0, 4)]),
    left: await givenUp(pool, [dataset.name]),
    failures: await failuresOf(pool, dataset.name, date),
    codes: column === null ? null : await dayCodes(pool, dataset, column, date, NAMED_AT_MOST),
  }));
  const times = expectedTimes(dataset, open, date, date, now)?.times ?? [];
  const names = times.flatMap((time) =>
    eachCombination(dataset.fetch).map((each) => partitionName(each, time)),
  );
  const unit = {
    partitions: names,
    expected: names.map(() => codes && codes.listed - (codes.suspended ?? 0)),
  };
  const given = new Set(left.map(({ partition }) => partition));
  const known = open.length > 0 && date >= (open[0] as string) && date <= (open.at(-1) as string);
  return {
    dataset: dataset.name,
    date,
    trading_day: known ? open.includes(date) : null,
    expected: names.length > 0,
    partitions: viewPartitions([unit], ledger, given, now).map(({ fetched_at, ...view }) => ({
      ...view,
      fetched_at: fetched_at?.toISOString() ?? null,
    })),
    failures: failures.map((failure) => ({
      ...failure,
      last_attempt_at: failure.last_attempt_at.toISOString(),
    })),
    codes: codes && open.includes(date) ? codes : null,
  };
}

const hasListedStocks = (dataset: TableDataset): boolean =>
  dataset.expected?.rows === 'listed_stocks' && hasSymbolDays(dataset);

/** @throws ApiError VALIDATION_FAILED for a dataset whose rows are not of a code and a trading day */
async function readSymbol(
  data: DataReader,
  dataset: TableDataset,
  ts_code: string,
): Promise<SymbolCoverageAnswer> {
  const column = dateFieldOf(dataset);
  if (!hasSymbolDays(dataset) || column === null)
    throw new ApiError(
      'VALIDATION_FAILED',
      `${dataset.name} has no days of single codes: its rows are not of a ts_code and a trading day`,
    );
  const now = new Date();
  const { open, ledger, code } = await data.ask(async ({ pool }) => ({
    open: await openDays(pool),
    ledger: await ledgerOf(pool, dataset.name),
    code: await codeDays(pool, dataset, column, ts_code),
  }));
  const { present, suspended, ...listing } = code;
  const from = listing.list_date ?? present[0] ?? null;
  const today = shanghaiClock(now).date;
  const to = listing.delist_date !== null && listing.delist_date <= today ? listing.delist_date : today;
  const days = from === null ? [] : (expectedTimes(dataset, open, from, to, now)?.times ?? []);
  const wanted = days.filter((day) => listing.delist_date === null || day < listing.delist_date);
  const states = new Map(ledger.map(({ partition, state }) => [partition, state]));
  const { counts, months, gaps } = symbolCoverage(wanted, new Set(present), new Set(suspended), states);
  return {
    dataset: dataset.name,
    ts_code,
    ...listing,
    from: wanted[0] ?? null,
    to: wanted.at(-1) ?? null,
    counts,
    months,
    gaps: gaps.toReversed().slice(0, NAMED_AT_MOST),
    gaps_total: gaps.length,
  };
}
