/** What can be synced: the catalogue over HTTP, with what is stored of it where Postgres says so. No queue is asked. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { calledSo } from '../datasets/called-so.ts';
import type { Catalogue } from '../datasets/catalogue.ts';
import { type Dataset, hasSymbolDays } from '../datasets/dataset.ts';
import fieldsZh from '../datasets/fields.zh.json' with { type: 'json' };
import { GROUPS, type Group } from '../datasets/groups.ts';
import { modesOf } from '../datasets/modes.ts';
import { refusalOf } from '../datasets/refusal.ts';
import { inTime } from '../in-time.ts';
import { TASK_MODES } from '../queue/task.ts';
import { dateFieldOf, ledgerSums, tableSizes } from '../store/stored-data.ts';
import type { DataReader } from './data-reader.ts';
import { DATASETS_PLACE, DATASETS_QUERY, pageOfDatasets } from './dataset-list.ts';
import { ok, okSchema } from './envelope.ts';

/** Longest wait for what is stored, in ms: the list is worth more than that. */
const STORED_TIMEOUT_MS = 1_500;

const Nullable = {
  text: Type.Union([Type.String(), Type.Null()]),
  whole: (description: string) => Type.Union([Type.Integer(), Type.Null()], { description }),
};

const SummarySchema = Type.Object({
  name: Type.String(),
  group: Type.Enum(Object.keys(GROUPS) as Group[]),
  title: Type.Object({ zh: Type.String(), en: Type.String() }),
  modes: Type.Array(Type.Enum([...TASK_MODES]), {
    description: 'The first one is meant when none is named.',
  }),
  api_name: Type.Union([Type.String(), Type.Null()], { description: 'null: a program that asks no API.' }),
  row_cap: Nullable.whole('Rows one answer of TuShare holds at most.'),
  points: Nullable.whole('Points a TuShare account needs; null: they do not count, or are not documented.'),
  permission: Type.Enum(['points', 'separate'], { description: 'separate: bought apart from points.' }),
  retired: Type.Boolean({ description: 'TuShare no longer answers it.' }),
  unavailable: Type.Union([Type.String(), Type.Null()], {
    description: 'Why a submission is refused whatever it asks for; null: it is not.',
  }),
  needs: Type.Array(Type.String(), { description: 'Datasets whose rows the planner needs.' }),
  by_symbol: Type.Boolean({ description: 'The days of a single code can be told.' }),
  stored: Type.Union(
    [
      Type.Object({
        rows: Nullable.whole("Estimate of Postgres, else the ledger's; null: neither has one."),
        partitions: Type.Integer({ description: 'Days, codes, months … in the ledger.' }),
        latest: Type.Union([Type.String(), Type.Null()], {
          description: 'The last day, month or year with rows, YYYYMMDD, YYYYMM or YYYY.',
        }),
      }),
      Type.Null(),
    ],
    { description: 'null: nothing was fetched yet, or Postgres does not answer.' },
  ),
});
export type DatasetSummary = Static<typeof SummarySchema>;

const DetailSchema = Type.Object({
  ...SummarySchema.properties,
  fields: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String(),
      comment: Type.String(),
      comment_zh: { ...Nullable.text, description: 'The same in Chinese; null for a dataset of your own.' },
      unit: Nullable.text,
      required: Type.Boolean(),
    }),
  ),
  key: Type.Array(Type.String(), { description: 'The natural key of a row.' }),
  date_field: { ...Nullable.text, description: 'By which rows are chosen by day; null: they have none.' },
  fetched_by: Nullable.text,
  calls_per_minute: Nullable.whole('Calls a minute that TuShare documents for this API.'),
  history_start: Nullable.text,
  published_at: Type.Union([Type.String(), Type.Null()], {
    description: 'HH:MM in Shanghai when a day is normally complete; null: at no fixed time.',
  }),
  use_instead: Type.Array(Type.String(), { description: 'Of a retired dataset.' }),
  documentation: Nullable.text,
});

const ListQuery = Type.Object(
  {
    ...DATASETS_QUERY,
    points: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Only those that an account with so many points may use.' }),
    ),
    retired: Type.Optional(Type.Boolean()),
    available: Type.Optional(Type.Boolean({ description: 'Whether a submission is taken.' })),
  },
  { additionalProperties: false },
);

const ListAnswer = Type.Object({ datasets: Type.Array(SummarySchema), ...DATASETS_PLACE });

/** GET /datasets and GET /datasets/:name. */
export function datasetRoutes(catalogue: Catalogue, data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/datasets',
      {
        schema: {
          querystring: ListQuery,
          response: { 200: okSchema(ListAnswer) },
        },
      },
      async (request) => {
        const names = catalogue.names();
        const stored = await storedOf(data, names);
        const found = catalogue
          .all()
          .map((dataset) => summary(dataset, stored))
          .filter(matches(request.query));
        const { rows: datasets, ...place } = pageOfDatasets(found, ({ name }) => name, names, request.query);
        return ok('DATASETS_RETRIEVED', `${place.total} datasets.`, { datasets, ...place });
      },
    );
    api.get(
      '/datasets/:name',
      {
        schema: {
          params: Type.Object({ name: Type.String({ maxLength: 100 }) }),
          response: { 200: okSchema(DetailSchema) },
        },
      },
      async (request) => {
        const dataset = catalogue.get(request.params.name);
        const stored = await storedOf(data, [dataset.name]);
        return ok('DATASET_RETRIEVED', 'The dataset.', detail(dataset, stored));
      },
    );
  };
}

type Stored = NonNullable<DatasetSummary['stored']>;

/** What is stored, by dataset. A catalogue without it is better than none: no error when Postgres is away. */
async function storedOf(data: DataReader, names: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
  const nothing: ReadonlyMap<string, Stored> = new Map();
  if (!data.exists) return nothing;
  const read = data.ask(async ({ pool }) => {
    const [sums, sizes] = await Promise.all([ledgerSums(pool), tableSizes(pool, names)]);
    const stored = [...sums].map(([name, { partitions, rows, latest }]): [string, Stored] => [
      name,
      { rows: sizes.get(name)?.rows ?? rows, partitions, latest },
    ]);
    return new Map(stored);
  });
  return inTime(read, STORED_TIMEOUT_MS, nothing).catch(() => nothing);
}

function matches(filter: Static<typeof ListQuery>): (dataset: DatasetSummary) => boolean {
  const { q, group, points, retired, available } = filter;
  const isCalled = q === undefined ? () => true : calledSo(q);
  return (dataset) =>
    isCalled(dataset) &&
    (group === undefined || dataset.group === group) &&
    (points === undefined || (dataset.permission === 'points' && (dataset.points ?? 0) <= points)) &&
    (retired === undefined || dataset.retired === retired) &&
    (available === undefined || (dataset.unavailable === null) === available);
}

function summary(dataset: Dataset, stored: ReadonlyMap<string, Stored>): DatasetSummary {
  const { name, title, needs = [] } = dataset;
  const table = dataset.runner === undefined ? dataset : undefined;
  return {
    name,
    group: dataset.group ?? 'own',
    title,
    modes: [...modesOf(dataset)],
    api_name: table?.api_name ?? null,
    row_cap: table?.row_cap ?? null,
    points: table?.points ?? null,
    permission: table?.permission ?? 'points',
    retired: table?.retired !== undefined,
    unavailable: table ? refusalOf(table) : null,
    needs: [...needs],
    by_symbol: table !== undefined && hasSymbolDays(table),
    stored: stored.get(name) ?? null,
  };
}

/** By dataset and field, as TuShare's documentation names them. */
const FIELDS_ZH: Record<string, Record<string, string>> = fieldsZh;

function detail(dataset: Dataset, stored: ReadonlyMap<string, Stored>): Static<typeof DetailSchema> {
  const table = dataset.runner === undefined ? dataset : undefined;
  const key = table?.key ?? [];
  return {
    ...summary(dataset, stored),
    fields: (table?.fields ?? []).map(({ name, type, comment, unit = null, required = false }) => ({
      name,
      type,
      comment,
      comment_zh: FIELDS_ZH[dataset.name]?.[name] ?? null,
      unit,
      required: required || key.includes(name),
    })),
    key: [...key],
    date_field: table ? dateFieldOf(table) : null,
    fetched_by: table?.fetch.by ?? null,
    calls_per_minute: table?.calls_per_minute ?? null,
    history_start: table?.history_start ?? null,
    published_at: table?.published?.at ?? null,
    use_instead: [...(table?.retired?.use ?? [])],
    documentation: table?.doc_id ? `https://tushare.pro/document/2?doc_id=${table.doc_id}` : null,
  };
}
