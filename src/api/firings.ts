/** GET /scheduler/firings: what became of each moment at which a job was due, those that were missed among them. */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { FIRING_STATES } from '../scheduler/firing-states.ts';
import type { ListedFiring } from '../scheduler/firings.ts';
import { cursorAt, readCursor } from './cursor.ts';
import { ok, okSchema } from './envelope.ts';
import { onSchedules } from './schedule-access.ts';
import { type Firing, FiringSchema } from './schedule-views.ts';
import type { ApiDeps } from './server.ts';
import { shanghaiIso, shanghaiIsoOrNull } from './shanghai-time.ts';

const PAGE_DEFAULT = 50;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

const Query = Type.Object(
  {
    job_id: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    state: Type.Optional(Type.Enum([...FIRING_STATES])),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Due at this moment or later.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Due before this moment.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: PAGE_DEFAULT })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before.' })),
  },
  { additionalProperties: false },
);
const Page = Type.Object({
  firings: Type.Array(FiringSchema),
  next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'null: this is the last page.' }),
});

/** The last to be due first. */
export function firingRoutes({ history }: Pick<ApiDeps, 'history'>): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/scheduler/firings',
      { schema: { querystring: Query, response: { 200: okSchema(Page) } } },
      async ({ query: { limit = PAGE_DEFAULT, cursor, ...filter } }) => {
        const after = cursor === undefined ? undefined : placeOf(cursor);
        // one more than asked for tells whether there is a next page
        const found = await onSchedules(history, ({ firings }) =>
          firings.list({ ...filter, after, limit: limit + 1 }),
        );
        const rows = found.slice(0, limit);
        const last = rows.at(-1);
        const next_cursor = last && found.length > limit ? cursorAt([last.due_at, last.job_id]) : null;
        return ok('FIRINGS_RETRIEVED', `${rows.length} firings.`, { firings: rows.map(view), next_cursor });
      },
    );
  };
}

function placeOf(cursor: string): { due_at: string; job_id: string } {
  const [due_at, job_id] = readCursor(
    cursor,
    ([at, id]) => typeof at === 'string' && MOMENT.test(at) && typeof id === 'string',
  ) as [string, string];
  return { due_at, job_id };
}

function view({ due_at, ended_at, ...firing }: ListedFiring): Firing {
  return { ...firing, due_at: shanghaiIso(Date.parse(due_at)), ended_at: shanghaiIsoOrNull(ended_at) };
}
