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

/**
 * Brings the table of one dataset up to its declaration, in a transaction of its own.
 * @throws TableConflict when a table of that name is not ours, or a column has another type.
 */
export async function ensureTable(client: ClientBase, dataset: TableDataset): Promise<TableChange> {
  await client.query('BEGIN');
  try {
    const change = await bringUpToDate(client, dataset);
    await client.query('COMMIT');
    return change;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function bringUpToDate(client: ClientBase, dataset: TableDataset): Promise<TableChange> {
  const existing = await columnsOf(client, dataset.name);
  const known = await client.query('SELECT 1 FROM dataset_tables WHERE dataset = $1', [dataset.name]);
  if (existing.size > 0 && known.rowCount === 0)
    throw new TableConflict(
      `A table ${dataset.name} exists that Dayline did not create: rename it, or use another database`,
    );
  const added = dataset.fields.filter((field) => !existing.has(field.name)).map((field) => field.name);
  for (const field of dataset.fields) {
    const type = existing.get(field.name);
    if (type !== undefined && type !== SQL_TYPES[field.type])
      throw new TableConflict(
        `Column ${dataset.name}.${field.name} is ${type}, the catalogue declares ${SQL_TYPES[field.type]}: ` +
          'types are never changed in place, rename the old column first',
      );
  }
  if (existing.size === 0) await create(client, dataset);
  else await add(client, dataset, added);
  if (added.length > 0) await describe(client, dataset);
  const change = existing.size === 0 ? 'created' : added.length > 0 ? 'altered' : 'unchanged';
  if (change !== 'unchanged') await record(client, dataset);
  return { dataset: dataset.name, change, added: change === 'altered' ? added : [] };
}

async function columnsOf(client: ClientBase, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ column_name: string; data_type: string }>(
    `SELECT column_name, data_type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1`,
    [table],
  );
  return new Map(rows.map((row) => [row.column_name, row.data_type]));
}

async function create(client: ClientBase, dataset: TableDataset): Promise<void> {
  const columns = dataset.fields.map((field) => `${quoted(field.name)} ${SQL_TYPES[field.type]}`);
  const nullable = new Set(dataset.nullable_key);
  const key = dataset.key.map(quoted).join(', ');
  columns.push(nullable.size > 0 ? `UNIQUE NULLS NOT DISTINCT (${key})` : `PRIMARY KEY (${key})`);
  await client.query(`CREATE TABLE public.${quoted(dataset.name)} (${columns.join(', ')})`);
  for (const index of dataset.indexes ?? []) {
    const name = quoted(`${dataset.name}_${index.join('_')}_index`.slice(0, 63));
    await client.query(`CREATE INDEX ${name} ON public.${quoted(dataset.name)} (${index.map(quoted)})`);
  }
}

async function add(client: ClientBase, dataset: TableDataset, added: string[]): Promise<void> {
  const newKey = added.find((name) => dataset.key.includes(name));
  if (newKey)
    throw new TableConflict(
      `The key of ${dataset.name} gained ${newKey}: a key is never changed in place, rename the old table first`,
    );
  for (const field of dataset.fields.filter(({ name }) => added.includes(name)))
    await client.query(
      `ALTER TABLE public.${quoted(dataset.name)} ADD COLUMN ${quoted(field.name)} ${SQL_TYPES[field.type]}`,
    );
}

/** Title and units as comments, so that they can be read in any SQL tool. */
async function describe(client: ClientBase, dataset: TableDataset): Promise<void> {
  const table = `public.${quoted(dataset.name)}`;
  const title = `${dataset.title.zh} (${dataset.title.en})`;
  await client.query(`COMMENT ON TABLE ${table} IS ${client.escapeLiteral(title)}`);
  for (const field of dataset.fields)
    await client.query(
      `COMMENT ON COLUMN ${table}.${quoted(field.name)} IS ${client.escapeLiteral(columnComment(field))}`,
    );
}

async function record(client: ClientBase, dataset: TableDataset): Promise<void> {
  const columns = Object.fromEntries(dataset.fields.map((field) => [field.name, SQL_TYPES[field.type]]));
  await client.query(
    `INSERT INTO dataset_tables (dataset, table_name, columns) VALUES ($1, $1, $2)
     ON CONFLICT (dataset) DO UPDATE SET columns = EXCLUDED.columns, altered_at = now()`,
    [dataset.name, JSON.stringify(columns)],
  );
}
