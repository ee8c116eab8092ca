/** Tables of datasets, made from the catalogue: created, and altered by adding columns only. Nothing is dropped. */
import type { ClientBase } from 'pg';
import { columnComment, type FieldType, type TableDataset } from '../datasets/dataset.ts';
import { quoted } from './sql.ts';

const SQL_TYPES: Record<FieldType, string> = {
  text: 'text',
  double: 'double precision',
  integer: 'bigint',
  date: 'date',
  timestamp: 'timestamp with time zone',
};

/** What was done to one table; `added` columns are empty for a table that was created. */
export interface TableChange {
  dataset: string;
  change: 'created' | 'altered' | 'unchanged';
  added: string[];
}

/** A table can't be brought into the form that the catalogue declares without destroying something. */
export class TableConflict extends Error {
  override readonly name = 'TableConflict';
}

/** Tables that one transaction makes: each takes some five locks, and a small server has about 1,300 in all. */
const TABLES_AT_ONCE = 20;

/**
 * Brings the tables of datasets up to their declarations, some at a time, each time all of them or none.
 * @throws TableConflict, before anything is changed, when a table of that name is not ours, a column has another
 * type, or a key has grown.
 */
export async function ensureTables(
  client: ClientBase,
  datasets: readonly TableDataset[],
): Promise<TableChange[]> {
  const columns = await columnsOf(client, datasets);
  const { rows } = await client.query<{ dataset: string }>('SELECT dataset FROM dataset_tables');
  const ours = new Set(rows.map((row) => row.dataset));
  const steps = datasets.map((dataset) =>
    stepFor(client, dataset, columns.get(dataset.name) ?? new Map(), ours.has(dataset.name)),
  );
  const needed = steps.filter((step) => step.sql.length > 0);
  for (let at = 0; at < needed.length; at += TABLES_AT_ONCE) {
    // Statements in one message are one transaction, and one flight to the server.
    await client.query(
      needed
        .slice(at, at + TABLES_AT_ONCE)
        .flatMap((step) => step.sql)
        .join(';\n'),
    );
  }
  return steps.map((step) => step.change);
}

/** {@link ensureTables} for one. */
export async function ensureTable(client: ClientBase, dataset: TableDataset): Promise<TableChange> {
  const [change] = await ensureTables(client, [dataset]);
  return change as TableChange;
}

interface Step {
  change: TableChange;
  sql: string[];
}

function stepFor(
  client: ClientBase,
  dataset: TableDataset,
  existing: ReadonlyMap<string, string>,
  ours: boolean,
): Step {
  if (existing.size > 0 && !ours)
    throw new TableConflict(
      `A table ${dataset.name} exists that Dayline did not create: rename it, or use another database`,
    );
  refuseOtherTypes(dataset, existing);
  const added = dataset.fields.filter((field) => !existing.has(field.name)).map((field) => field.name);
  if (existing.size === 0)
    return {
      change: { dataset: dataset.name, change: 'created', added: [] },
      sql: [...create(dataset), ...describe(client, dataset), record(client, dataset)],
    };
  if (added.length === 0) return { change: { dataset: dataset.name, change: 'unchanged', added }, sql: [] };
  return {
    change: { dataset: dataset.name, change: 'altered', added },
    sql: [...add(dataset, added), ...describe(client, dataset), record(client, dataset)],
  };
}

async function columnsOf(
  client: ClientBase,
  datasets: readonly TableDataset[],
): Promise<Map<string, Map<string, string>>> {
  const { rows } = await client.query<{ table: string; column: string; type: string }>(
    `SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = ANY($1)`,
    [datasets.map((dataset) => dataset.name)],
  );
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) {
    const columns = tables.get(table) ?? new Map<string, string>();
    tables.set(table, columns.set(column, type));
  }
  return tables;
}

function refuseOtherTypes(dataset: TableDataset, existing: ReadonlyMap<string, string>): void {
  for (const field of dataset.fields) {
    const type = existing.get(field.name);
    if (type !== undefined && type !== SQL_TYPES[field.type])
      throw new TableConflict(
        `Column ${dataset.name}.${field.name} is ${type}, the catalogue declares ${SQL_TYPES[field.type]}: ` +
          'types are never changed in place, rename the old column first',
      );
  }
}

function create(dataset: TableDataset): string[] {
  const columns = dataset.fields.map((field) => `${quoted(field.name)} ${SQL_TYPES[field.type]}`);
  const key = dataset.key.map(quoted).join(', ');
  columns.push(dataset.nullable_key?.length ? `UNIQUE NULLS NOT DISTINCT (${key})` : `PRIMARY KEY (${key})`);
  const indexes = (dataset.indexes ?? []).map((index) => {
    const name = quoted(`${dataset.name}_${index.join('_')}_index`.slice(0, 63));
    return `CREATE INDEX ${name} ON public.${quoted(dataset.name)} (${index.map(quoted)})`;
  });
  return [`CREATE TABLE public.${quoted(dataset.name)} (${columns.join(', ')})`, ...indexes];
}

function add(dataset: TableDataset, added: string[]): string[] {
  const newKey = added.find((name) => dataset.key.includes(name));
  if (newKey)
    throw new TableConflict(
      `The key of ${dataset.name} gained ${newKey}: a key is never changed in place, rename the old table first`,
    );
  return dataset.fields
    .filter(({ name }) => added.includes(name))
    .map(
      (field) =>
        `ALTER TABLE public.${quoted(dataset.name)} ADD COLUMN ${quoted(field.name)} ${SQL_TYPES[field.type]}`,
    );
}

/** Title and units as comments, so that they can be read in any SQL tool. */
function describe(client: ClientBase, dataset: TableDataset): string[] {
  const table = `public.${quoted(dataset.name)}`;
  const title = `${dataset.title.zh} (${dataset.title.en})`;
  return [
    `COMMENT ON TABLE ${table} IS ${client.escapeLiteral(title)}`,
    ...dataset.fields.map(
      (field) =>
        `COMMENT ON COLUMN ${table}.${quoted(field.name)} IS ${client.escapeLiteral(columnComment(field))}`,
    ),
  ];
}

function record(client: ClientBase, dataset: TableDataset): string {
  const columns = Object.fromEntries(dataset.fields.map((field) => [field.name, SQL_TYPES[field.type]]));
  const name = client.escapeLiteral(dataset.name);
  return `INSERT INTO dataset_tables (dataset, table_name, columns)
    VALUES (${name}, ${name}, ${client.escapeLiteral(JSON.stringify(columns))})
    ON CONFLICT (dataset) DO UPDATE SET columns = EXCLUDED.columns, altered_at = now()`;
}
