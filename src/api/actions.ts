/** GET /actions: what was done through the API, the last first. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { type Action, listActions } from '../store/action-log.ts';
import type { ActionLog } from './action-log.ts';
import { cursorAt, readCursor } from './cursor.ts';
import { ok, okSchema } from './envelope.ts';
import { HISTORY_WORDS } from './history-reader.ts';
import type { ApiDeps } from './server.ts';

const PAGE_DEFAULT = 50;
const WORDS = { ...HISTORY_WORDS, fault: "The log of actions can't be read", holder: 'The log' };
const text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const moment = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

const Query = Type.Object(
  {
    actor: text,
    target: text,
    route: text,
    outcome: text,
    from: moment('At this moment or later.'),
    to: moment('Before this moment.'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: PAGE_DEFAULT })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before.' })),
  },
  { additionalProperties: false },
);

const ActionSchema = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  actor: Type.String({ description: 'Name of the token, or `loopback`; `stranger`: a log-in that failed.' }),
  role: Type.String(),
  via: Type.String({ description: 'loopback, token, session or none' }),
  address: Type.String(),
  method: Type.String(),
  route: Type.String(),
  target: Type.Union([Type.String(), Type.Null()], {
    description: 'The id in the path, or of the task or execution that was made.',
  }),
  status: Type.Integer(),
  outcome: Type.String({ description: 'Code of the answer.' }),
});
export type ActionView = Static<typeof ActionSchema>;

const Page = Type.Object({
  actions: Type.Array(ActionSchema),
  next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'null: this is the last page.' }),
  waiting: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Actions that Redis keeps until Postgres has them; they are not listed. null: unknown.',
  }),
});

export function actionRoutes(
  { history }: Pick<ApiDeps, 'history'>,
  actionLog: ActionLog,
): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get(
      '/actions',
      { schema: { querystring: Query, response: { 200: okSchema(Page) } } },
      async ({ query: { limit = PAGE_DEFAULT, cursor, ...filter } }) => {
        const after = cursor === undefined ? undefined : placeOf(cursor);
        const [found, waiting] = await Promise.all([
          history.ask((store) => listActions(store, { ...filter, after, limit: limit + 1 }), WORDS),
          actionLog.waiting(),
        ]);
        const rows = found.slice(0, limit);
        const last = rows.at(-1);
        const next_cursor = last && found.length > limit ? cursorAt([last.at, last.id]) : null;
        return ok('ACTIONS_RETRIEVED', `${rows.length} actions.`, {
          actions: rows.map(view),
          next_cursor,
          waiting,
        });
      },
    );
  };
}

const view = (action: Action): ActionView => ({ ...action, at: new Date(action.at).toISOString() });

function placeOf(cursor: string): { at: number; id: string } {
  const [at, id] = readCursor(
    cursor,
    ([at, id]) =>
      Number.isSafeInteger(at) && !Number.isNaN(new Date(at as number).getTime()) && typeof id === 'string',
  ) as [number, string];
  return { at, id };
}
