/** Views `<dataset>_latest`: of each fact the version that TuShare told last, for datasets that keep all of them. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { TableConflict } from './dataset-tables.ts';
import { quoted } from './sql.ts';

/** Tells our views from those of somebody else. */
const COMMENT = 'Dayline: the newest version of each fact of';

/** Name of a dataset's view. */
export const latestView = ({ name }: Pick<TableDataset, 'name'>): string => `${name}_latest`;

/**
 * Makes the views of datasets that declare versions, or brings them up to their tables' columns.
 * @throws TableConflict when a table or view of that name is not ours; then none is changed.
 */
export async function ensureLatestViews(
  client: ClientBase,
  datasets: readonly TableDataset[],
): Promise<void> {
  const versioned = datasets.filter(({ versions }) => versions?.length);
  if (versioned.length === 0) return;
  const { rows } = await client.query<{ name: string; comment: string | null }>(
    `SELECT relname AS name, obj_description(oid, 'pg_class') AS comment FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1)`,
    [versioned.map(latestView)],
  );
  const foreign = rows.find(({ comment }) => !comment?.startsWith(COMMENT));
  if (foreign)
    throw new TableConflict(
      `A table or view ${foreign.name} exists that Dayline did not create: rename it, or use another database`,
    );
  await client.query(versioned.map((dataset) => viewSql(client, dataset)).join(';\n'));
}

function viewSql(client: ClientBase, dataset: TableDataset): string {
  const { key, versions = [], name } = dataset;
  const fact = key.filter((member) => !versions.includes(member)).map(quoted);
  const newest = versions.map((member) => `${quoted(member)} DESC NULLS LAST`);
  const view = `public.${quoted(latestView(dataset))}`;
  return `CREATE OR REPLACE VIEW ${view} AS SELECT DISTINCT ON (${fact}) * FROM public.${quoted(name)}
      ORDER BY ${[...fact, ...newest].join(', ')};
    COMMENT ON VIEW ${view} IS ${client.escapeLiteral(`${COMMENT} ${name}`)}`;
}
