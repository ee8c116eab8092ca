/** GET /freshness: of every dataset that is kept, whether what should be there by now is there. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { calledSo } from '../datasets/called-so.ts';
import type { TableDataset } from '../datasets/dataset.ts';
import { shanghaiClock } from '../datasets/dates.ts';
import { GROUPS, type Group } from '../datasets/groups.ts';
import { JobConfigs } from '../scheduler/job-configs.ts';
import { lastTimes, openDays, type TimeState, timesSince, withEntries } from '../store/ledger-times.ts';
import { FRESHNESS_STATES, freshnessOf, lookedAtSince } from '../sync/freshness.ts';
import { scheduledDatasets } from '../sync/scheduled-datasets.ts';
import type { DataReader } from './data-reader.ts';
import { DATASETS_PLACE, DATASETS_QUERY, pageOfDatasets } from './dataset-list.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';

const moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);
const text = Type.Union([Type.String(), Type.Null()]);
const whole = Type.Union([Type.Integer(), Type.Null()]);

const RowSchema = Type.Object({
  dataset: Type.String(),
  group: Type.Enum(Object.keys(GROUPS) as Group[]),
  state: Type.Enum([...FRESHNESS_STATES], {
    description:
      'in; due: comes later today, or at no fixed time; late: published, and may still come by itself today; behind; snapshot: it has no days.',
  }),
  expected: { ...text, description: 'The latest day, month or year that should be there by now.' },
  published_at: { ...moment, description: 'When that was published; null: at no fixed time.' },
  latest: { ...text, description: 'The latest one with rows.' },
  behind: Type.Integer({ description: 'Expected ones after the latest complete one, of the last weeks.' }),
  rows: { ...whole, description: 'Rows of the expected one.' },
  expected_rows: whole,
  fetched_at: {
    ...moment,
    description: 'When the expected one was fetched; of a snapshot, when anything was.',
  },
  next: { ...text, description: 'The next day to come.' },
  next_at: moment,
  next_sync_at: { ...moment, description: 'When a schedule asks for it next.' },
});
export type FreshnessRow = Static<typeof RowSchema>;
const FreshnessSchema = Type.Object({
  today: Type.String({ description: 'In Shanghai.' }),
  trading_day: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: the calendar does not say.' }),
  datasets: Type.Array(RowSchema),
  ...DATASETS_PLACE,
});
const Query = Type.Object(
  { state: Type.Optional(Type.Enum([...FRESHNESS_STATES])), ...DATASETS_QUERY },
  { additionalProperties: false },
);
export type FreshnessAnswer = Static<typeof FreshnessSchema>;

/** Answers 503 when Postgres is away. */
export function freshnessRoutes({ catalogue, config }: ApiDeps, data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = { querystring: Query, response: { 200: okSchema(FreshnessSchema) } };
    api.get('/freshness', { schema }, async ({ query }) => {
      const now = new Date();
      const tables = catalogue
        .all()
        .filter((one) => one.runner === undefined)
        .filter(matches(query));
      const { kept, open, times, last, scheduled } = await data.ask(async (store) => {
        const { pool } = store;
        const stored = await withEntries(
          pool,
          tables.map(({ name }) => name),
        );
        const schedules = await new JobConfigs(store).getAllEnabled();
        const scheduled = scheduledDatasets(config, catalogue, schedules, now.getTime());
        const kept = tables.filter(({ name }) => stored.has(name) || scheduled.has(name));
        const since = kept.flatMap((dataset): [string, string][] => {
          const first = lookedAtSince(dataset, now);
          return first === null ? [] : [[dataset.name, first]];
        });
        return {
          kept,
          scheduled,
          open: await openDays(pool),
          times: Map.groupBy(await timesSince(pool, new Map(since)), ({ dataset }) => dataset),
          last: await lastTimes(
            pool,
            kept.map(({ name }) => name),
          ),
        };
      });
      const all = kept.map((dataset): FreshnessRow => {
        const { name } = dataset;
        const known = { times: times.get(name) ?? [], nextSync: scheduled.get(name) ?? null };
        return rowOf(dataset, open, { ...known, ...last.get(name) }, now);
      });
      const { date: today } = shanghaiClock(now);
      const reaches = open.length > 0 && today >= (open[0] as string) && today <= (open.at(-1) as string);
      const trading_day = reaches ? open.includes(today) : null;
      const found = all.filter(({ state }) => query.state === undefined || state === query.state);
      const names = catalogue.names();
      const { rows: datasets, ...place } = pageOfDatasets(found, ({ dataset }) => dataset, names, query);
      return ok('FRESHNESS_RETRIEVED', summaryOf(found), { today, trading_day, datasets, ...place });
    });
  };
}

function matches({ q, group }: Static<typeof Query>): (dataset: TableDataset) => boolean {
  const isCalled = q === undefined ? () => true : calledSo(q);
  return (dataset) => isCalled(dataset) && (group === undefined || (dataset.group ?? 'own') === group);
}

interface Known {
  times: readonly TimeState[];
  nextSync: number | null;
  latest?: string | null;
  fetched_at?: Date | null;
}

function rowOf(dataset: TableDataset, open: readonly string[], known: Known, now: Date): FreshnessRow {
  const done = new Set(known.times.filter((one) => one.done).map(({ time }) => time));
  const { published_at, next_at, ...fresh } = freshnessOf(dataset, open, done, known.nextSync, now);
  const wanted = known.times.find(({ time }) => time === fresh.expected);
  const fetched = fresh.state === 'snapshot' ? known.fetched_at : wanted?.fetched_at;
  return {
    dataset: dataset.name,
    group: dataset.group ?? 'own',
    ...fresh,
    latest: known.latest ?? fresh.latest,
    published_at: iso(published_at),
    rows: wanted?.rows ?? null,
    expected_rows: wanted?.expected_rows ?? null,
    fetched_at: iso(fetched?.getTime() ?? null),
    next_at: iso(next_at),
    next_sync_at: iso(known.nextSync),
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function summaryOf(datasets: readonly FreshnessRow[]): string {
  const counts = FRESHNESS_STATES.map(
    (state) => [datasets.filter((one) => one.state === state).length, state] as const,
  );
  return `${counts
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(', ')}.`;
}
