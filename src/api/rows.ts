/** GET /datasets/:name/rows: what is stored, a page at a time, the newest day first. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { Catalogue } from '../datasets/catalogue.ts';
import type { TableDataset } from '../datasets/dataset.ts';
import { readDate } from '../datasets/dates.ts';
import { ApiError } from '../errors.ts';
import { dateFieldOf, readRows, tableSizes } from '../store/stored-data.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import { tableDataset } from './table-dataset.ts';

const PAGE_DEFAULT = 50;
/** Further back a reader is better served by SQL: `dayline database` names the database. */
const LARGEST_OFFSET = 10_000;

const Query = Type.Object(
  {
    ts_code: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    from: Type.Optional(Type.String({ maxLength: 10, description: 'First day, YYYYMMDD.' })),
    to: Type.Optional(Type.String({ maxLength: 10, description: 'Last day, YYYYMMDD.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: PAGE_DEFAULT })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: LARGEST_OFFSET, default: 0 })),
  },
  { additionalProperties: false },
);

const RowsSchema = Type.Object({
  dataset: Type.String(),
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String(),
      unit: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  rows: Type.Array(Type.Array(Type.Unknown()), {
    description: 'Values in the order of columns. Dates are YYYYMMDD.',
  }),
  estimated_total: Type.Union([Type.Integer(), Type.Null()], {
    description: "Rows of the whole table by Postgres' own estimate; null: it has none yet.",
  }),
  has_more: Type.Boolean(),
  limit: Type.Integer(),
  offset: Type.Integer(),
});
export type RowsAnswer = Static<typeof RowsSchema>;

/** Answers 503 when Postgres is away. */
export function rowRoutes(catalogue: Catalogue, data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/datasets/:name/rows',
      {
        schema: {
          params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }),
          querystring: Query,
          response: { 200: okSchema(RowsSchema) },
        },
      },
      async ({ params, query }) => {
        const dataset = tableDataset(catalogue, params.name);
        const { limit = PAGE_DEFAULT, offset = 0, ...filter } = checked(dataset, query);
        const { found, size } = await data.ask(async ({ pool }) => ({
          found: await readRows(pool, dataset, { ...filter, offset, limit: limit + 1 }),
          size: (await tableSizes(pool, [dataset.name])).get(dataset.name),
        }));
        const names = dataset.fields.map(({ name }) => name);
        const rows = found.slice(0, limit).map((row) => names.map((name) => row[name] ?? null));
        return ok('ROWS_RETRIEVED', `${rows.length} rows.`, {
          dataset: dataset.name,
          columns: dataset.fields.map(({ name, type, unit = null }) => ({ name, type, unit })),
          rows,
          estimated_total: size?.rows ?? null,
          has_more: found.length > limit,
          limit,
          offset,
        });
      },
    );
  };
}

/** @throws ApiError VALIDATION_FAILED for a filter that the dataset has no column for, or a day that isn't one */
function checked(dataset: TableDataset, query: Static<typeof Query>): Static<typeof Query> {
  const refuse = (text: string) => new ApiError('VALIDATION_FAILED', `${dataset.name}: query.${text}`);
  if (query.ts_code !== undefined && !dataset.fields.some(({ name }) => name === 'ts_code'))
    throw refuse('ts_code names a column that it does not have');
  const days = { ...query };
  for (const name of ['from', 'to'] as const) {
    const given = query[name];
    if (given === undefined) continue;
    if (dateFieldOf(dataset) === null) throw refuse(`${name} needs a day, which its rows do not have`);
    const date = readDate(given);
    if (!date) throw refuse(`${name} must be a date that exists, as YYYYMMDD`);
    days[name] = date;
  }
  return days;
}
