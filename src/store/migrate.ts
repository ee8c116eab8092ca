/** Brings the database up to the code: system tables by migrations, dataset tables from the catalogue. */
import pg from 'pg';
import type { Config } from '../config.ts';
import { loadCatalogue } from '../datasets/own-datasets.ts';
import { type DatabaseSettings, readConnection } from './connection.ts';
import { ensureTables, type TableChange } from './dataset-tables.ts';
import { ensureLatestViews } from './latest-views.ts';
import { openOrm } from './orm.ts';

/** Any fixed number: whoever migrates holds this advisory lock. */
const MIGRATION_LOCK = 7_305_823_914;

export interface MigrationReport {
  /** Names of the migrations that were run now. */
  migrations: string[];
  tables: TableChange[];
}

/**
 * Runs what is not yet done. A second run changes nothing; of two at once, one waits for the other.
 * @throws TableConflict, ConfigError, or the database's error; every step before it stays done.
 */
export async function migrate(
  config: DatabaseSettings & Pick<Config, 'DATASETS_PATH'>,
): Promise<MigrationReport> {
  const catalogue = await loadCatalogue(config);
  const client = new pg.Client({ ...readConnection(config), application_name: 'dayline:migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrations = await runMigrations(config);
    const datasets = catalogue.all().filter((dataset) => dataset.runner === undefined);
    const tables = await ensureTables(client, datasets);
    await ensureLatestViews(client, datasets);
    return { migrations, tables };
  } finally {
    await client.end();
  }
}

async function runMigrations(config: DatabaseSettings): Promise<string[]> {
  const orm = await openOrm(config, 'dayline:migrate');
  try {
    const done = await orm.migrator.up();
    return done.map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}
