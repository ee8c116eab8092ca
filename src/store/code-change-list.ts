/** Stocks whose code was replaced by another (src/sync/code-changes.ts), read for people. */
import type { ClientBase } from 'pg';

export interface CodeChangeRow {
  old_code: string;
  new_code: string;
  /** First day of listing, YYYYMMDD. */
  list_date: string | null;
  /** What the two had in common beside it. */
  reason: 'same_symbol' | 'same_name' | 'same_list_date';
  noticed_at: Date;
}

export interface CodeChangesQuery {
  /** The old or the new one. */
  code?: string | undefined;
  limit: number;
  offset: number;
}

/** The newest first. */
export async function readCodeChanges(
  client: Pick<ClientBase, 'query'>,
  { code, limit, offset }: CodeChangesQuery,
): Promise<{ changes: CodeChangeRow[]; total: number }> {
  const among = 'FROM code_changes WHERE $1::text IS NULL OR $1 IN (old_code, new_code)';
  const counted = await client.query<{ total: number }>(`SELECT count(*)::int AS total ${among}`, [code]);
  const { rows } = await client.query<CodeChangeRow>(
    `SELECT old_code, new_code, to_char(list_date, 'YYYYMMDD') AS list_date, reason, noticed_at ${among}
     ORDER BY noticed_at DESC, old_code LIMIT $2 OFFSET $3`,
    [code, limit, offset],
  );
  return { changes: rows, total: counted.rows[0]?.total ?? 0 };
}
