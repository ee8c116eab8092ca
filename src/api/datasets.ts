/** What can be synced: the catalogue over HTTP. No queue and no database is asked. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { Catalogue } from '../datasets/catalogue.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { TASK_MODES } from '../queue/task.ts';
import { ok, okSchema } from './envelope.ts';

const Nullable = {
  text: Type.Union([Type.String(), Type.Null()]),
  whole: Type.Union([Type.Integer(), Type.Null()]),
};

const SummarySchema = Type.Object({
  name: Type.String(),
  title: Type.Object({ zh: Type.String(), en: Type.String() }),
  modes: Type.Array(Type.Enum([...TASK_MODES]), {
    description: 'The first one is meant when none is named.',
  }),
  api_name: Type.Union([Type.String(), Type.Null()], { description: 'null: a program that asks no API.' }),
  row_cap: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Rows one answer of TuShare holds at most.',
  }),
  needs: Type.Array(Type.String(), { description: 'Datasets whose rows the planner needs.' }),
});
export type DatasetSummary = Static<typeof SummarySchema>;

const DetailSchema = Type.Object({
  ...SummarySchema.properties,
  fields: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String(),
      comment: Type.String(),
      required: Type.Boolean(),
    }),
  ),
  key: Type.Array(Type.String(), { description: 'The natural key of a row.' }),
  fetched_by: Nullable.text,
  calls_per_minute: Nullable.whole,
});

/** GET /datasets and GET /datasets/:name. */
export function datasetRoutes(catalogue: Catalogue): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/datasets',
      { schema: { response: { 200: okSchema(Type.Object({ datasets: Type.Array(SummarySchema) })) } } },
      async () => ok('DATASETS_RETRIEVED', 'The datasets.', { datasets: catalogue.all().map(summary) }),
    );
    api.get(
      '/datasets/:name',
      {
        schema: {
          params: Type.Object({ name: Type.String({ maxLength: 100 }) }),
          response: { 200: okSchema(DetailSchema) },
        },
      },
      async (request) => ok('DATASET_RETRIEVED', 'The dataset.', detail(catalogue.get(request.params.name))),
    );
  };
}

function summary(dataset: Dataset): DatasetSummary {
  const { name, title, modes } = dataset;
  if (dataset.runner !== undefined) {
    const needs = [...(dataset.needs ?? [])];
    return { name, title, modes: [...modes], api_name: null, row_cap: null, needs };
  }
  const { api_name, row_cap, needs } = dataset;
  return { name, title, modes: [...modes], api_name, row_cap, needs: [...needs] };
}

function detail(dataset: Dataset): Static<typeof DetailSchema> {
  if (dataset.runner !== undefined) {
    return { ...summary(dataset), fields: [], key: [], fetched_by: null, calls_per_minute: null };
  }
  const { key, fetch, calls_per_minute } = dataset;
  return {
    ...summary(dataset),
    fields: dataset.fields.map(({ name, type, comment, required = false }) => ({
      name,
      type,
      comment,
      required: required || key.includes(name),
    })),
    key: [...key],
    fetched_by: fetch.by,
    calls_per_minute,
  };
}
