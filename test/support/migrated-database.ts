/** A database with Dayline's tables for a test, as `dayline migrate` leaves it. */
import pg from 'pg';
import { createDatabase, type FreshDatabase, testCluster, urlOf } from './postgres.ts';
import type { Torn } from './torn.ts';

const TEMPLATE = 'template_migrated';
/** Any fixed number: whoever makes the template holds this advisory lock. */
const TEMPLATE_LOCK = 1;

let template: Promise<void> | undefined;

/**
 * A copy of one database that is migrated once for the whole run, since 164 tables take a second of processor time.
 * Dropped when the test ends.
 * @param datasets folder of more datasets that get their tables, too
 */
export async function migratedDatabase(t: Torn, datasets = ''): Promise<FreshDatabase> {
  template ??= makeTemplate();
  await template;
  const database = await createDatabase(t, `template ${TEMPLATE} strategy file_copy`);
  if (datasets) await migrateTo(database.url, datasets);
  return database;
}

/** Whoever needs it first makes it; the other test files wait. It is a template when it is complete. */
async function makeTemplate(): Promise<void> {
  const client = new pg.Client({ connectionString: testCluster() });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const made = await client.query('select from pg_database where datname = $1 and datistemplate', [
      TEMPLATE,
    ]);
    if (made.rowCount) return;
    await client.query(`drop database if exists ${TEMPLATE}`); // left half by a test file that was ended
    await client.query(`create database ${TEMPLATE}`);
    await migrateTo(urlOf(TEMPLATE));
    await client.query(`alter database ${TEMPLATE} is_template true`);
  } finally {
    await client.end();
  }
}

/** Makes the tables in a database that the test has. @param datasets folder of more datasets */
export async function migrateTo(url: string, datasets = ''): Promise<void> {
  // only here, for MikroORM takes half a second of processor time to load
  const { migrate } = await import('../../src/store/migrate.ts');
  await migrate({ DATABASE_URL: url, PGSSLMODE: '', DATASETS_PATH: datasets });
}
