/** What was done through the API, by whom, and what came of it: table action_log. */
import type { Store } from './store.ts';

/** One action. It never holds a token, nor what was sent. */
export interface Action {
  /** Given by web, so that writing it again changes nothing. */
  id: string;
  /** ms since the epoch, by the clock of web. */
  at: number;
  /** Name of the token; `loopback` where none is needed; `stranger` for a log-in that failed. */
  actor: string;
  role: string;
  via: string;
  address: string;
  method: string;
  /** As the API describes it: /api/v1/tasks/:id/cancel. */
  route: string;
  /** The id in its path, or that of what it has made. */
  target: string | null;
  /** Of HTTP. */
  status: number;
  /** Code of the answer. */
  outcome: string;
}

export interface ActionFilter {
  actor?: string | undefined;
  target?: string | undefined;
  route?: string | undefined;
  outcome?: string | undefined;
  /** At this moment or later, ISO 8601. */
  from?: string | undefined;
  /** Before this moment. */
  to?: string | undefined;
  /** The place of the last one of the page before. */
  after?: { at: number; id: string } | undefined;
  limit: number;
}

const COLUMNS = 'id, at, actor, role, via, address, method, route, target, status, outcome';

/** Stores actions, all or none; one that is there already stays as it is. */
export async function saveActions({ pool }: Pick<Store, 'pool'>, actions: readonly Action[]): Promise<void> {
  await pool.query(
    `INSERT INTO action_log (${COLUMNS})
     SELECT id, to_timestamp(at / 1000.0), actor, role, via, address, method, route, target, status, outcome
     FROM json_to_recordset($1) AS given (id text, at bigint, actor text, role text, via text, address text,
       method text, route text, target text, status int, outcome text)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(actions)],
  );
}

/** The last first. */
export async function listActions(
  { pool }: Pick<Store, 'pool'>,
  { actor, target, route, outcome, from, to, after, limit }: ActionFilter,
): Promise<Action[]> {
  const { rows } = await pool.query<Omit<Action, 'at'> & { at: Date }>(
    `SELECT ${COLUMNS} FROM action_log AS action
     WHERE ($1::text IS NULL OR actor = $1) AND ($2::text IS NULL OR target = $2)
       AND ($3::text IS NULL OR route = $3) AND ($4::text IS NULL OR outcome = $4)
       AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
       AND ($7::timestamptz IS NULL OR (at, id) < ($7, $8))
     ORDER BY at DESC, id DESC LIMIT $9`,
    [actor, target, route, outcome, from, to, after && new Date(after.at), after?.id, limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

/** Deletes up to `limit` actions that are more than `days` old. @returns how many */
export async function pruneActions(
  { pool }: Pick<Store, 'pool'>,
  days: number,
  limit: number,
): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM action_log WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM action_log WHERE at < now() - make_interval(days => $1)
       ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    [days, limit],
  );
  return rowCount ?? 0;
}
