/**
 * What was odd about the rows that a run stored, and was stored all the same: rows that came twice, rows that break
 * the checks of their dataset. Counted in the transaction of each batch, in `sync_tasks.config.oddities`, so that a
 * kill counts nothing twice; told in words when the run ends.
 */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { quoted } from '../store/sql.ts';

/** One kind of oddity of a dataset: how many rows, and the keys of the first few. */
interface Oddity {
  rows: number;
  first?: string[];
}
/** By `<dataset> <name of the check>`, or `<dataset> repeated`. */
type Oddities = Record<string, Oddity>;

const EXAMPLES = 5;
const REPEATED = 'repeated';

/** Counts the odd rows of the batch in `arrivals`. @param repeated rows that had come more than once */
export async function noteOddities(
  client: ClientBase,
  dataset: TableDataset,
  sync_task_id: string,
  repeated: number,
): Promise<void> {
  const found = await breaches(client, dataset);
  if (repeated > 0) found[`${dataset.name} ${REPEATED}`] = { rows: repeated };
  if (Object.keys(found).length === 0) return;
  const known = await readOddities(client, sync_task_id);
  for (const [name, { rows, first = [] }] of Object.entries(found)) {
    const before = known[name];
    const keys = [...(before?.first ?? []), ...first].slice(0, EXAMPLES);
    known[name] = { rows: (before?.rows ?? 0) + rows, ...(keys.length > 0 && { first: keys }) };
  }
  await client.query(
    `UPDATE sync_tasks SET config = (config::jsonb || jsonb_build_object('oddities', $2::jsonb))::json WHERE id = $1`,
    [sync_task_id, JSON.stringify(known)],
  );
}

/** What a run has counted so far. */
export async function readOddities(
  client: Pick<ClientBase, 'query'>,
  sync_task_id: string,
): Promise<Oddities> {
  const { rows } = await client.query<{ oddities: Oddities | null }>(
    `SELECT config->'oddities' AS oddities FROM sync_tasks WHERE id = $1`,
    [sync_task_id],
  );
  return rows[0]?.oddities ?? {};
}

/** One sentence for each kind of oddity. */
export function inSentences(oddities: Oddities, datasets: ReadonlyMap<string, TableDataset>): string[] {
  return Object.entries(oddities).map(([place, { rows, first = [] }]) => {
    const [name = '', check] = place.split(' ');
    if (check === REPEATED) return `${rows} rows of ${name} came twice and were stored once.`;
    const says = datasets.get(name)?.checks?.find((known) => known.name === check)?.says ?? check;
    return `${rows} rows of ${name}, in which ${says}, were stored as they came (${first.join(', ')}${rows > first.length ? ', …' : ''}).`;
  });
}

/** Rows in `arrivals` that break a check: one pass, and a second one only where there are some. */
async function breaches(client: ClientBase, { name, key, checks = [] }: TableDataset): Promise<Oddities> {
  if (checks.length === 0) return {};
  const counts = checks.map(({ sql }) => `count(*) FILTER (WHERE ${sql})::int`);
  const counted = await client.query<number[]>({
    text: `SELECT ${counts.join(', ')} FROM arrivals`,
    rowMode: 'array',
  });
  const found: Oddities = {};
  for (const [at, check] of checks.entries()) {
    const rows = counted.rows[0]?.[at] ?? 0;
    if (rows === 0) continue;
    const examples = await client.query<{ key: string }>(
      `SELECT concat_ws(' ', ${key.map(quoted).join(', ')}) AS key FROM arrivals WHERE ${check.sql} ORDER BY 1 LIMIT ${EXAMPLES}`,
    );
    found[`${name} ${check.name}`] = { rows, first: examples.rows.map((row) => row.key) };
  }
  return found;
}
