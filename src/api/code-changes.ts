/** GET /code-changes: stocks whose code was replaced by another. What was stored under the old code stays there. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { readCodeChanges } from '../store/code-change-list.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';

const PAGE_DEFAULT = 400;

const Query = Type.Object(
  {
    code: Type.Optional(
      Type.String({ minLength: 1, maxLength: 20, description: 'ts_code: the old or the new one.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000, default: PAGE_DEFAULT })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  },
  { additionalProperties: false },
);

const CodeChangesSchema = Type.Object({
  changes: Type.Array(
    Type.Object({
      old_code: Type.String(),
      new_code: Type.String(),
      list_date: Type.Union([Type.String(), Type.Null()], { description: 'First day of listing, YYYYMMDD.' }),
      reason: Type.Enum(['same_symbol', 'same_name', 'same_list_date'], {
        description: 'What the two had in common beside their first day of listing.',
      }),
      noticed_at: Type.String({ format: 'date-time' }),
    }),
    { description: 'The newest first.' },
  ),
  total: Type.Integer(),
  limit: Type.Integer(),
  offset: Type.Integer(),
});
export type CodeChangesAnswer = Static<typeof CodeChangesSchema>;

/** Answers 503 when Postgres is away. */
export function codeChangeRoutes(data: DataReader): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/code-changes',
      { schema: { querystring: Query, response: { 200: okSchema(CodeChangesSchema) } } },
      async ({ query: { code, limit = PAGE_DEFAULT, offset = 0 } }) => {
        const { changes, total } = await data.ask(({ pool }) =>
          readCodeChanges(pool, { code, limit, offset }),
        );
        const told = changes.map((change) => ({ ...change, noticed_at: change.noticed_at.toISOString() }));
        return ok('CODE_CHANGES_RETRIEVED', `${total} codes were replaced by others.`, {
          changes: told,
          total,
          limit,
          offset,
        });
      },
    );
  };
}
