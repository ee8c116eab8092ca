/** A fresh, empty database for one test, on the real embedded Postgres that the runner has started. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Torn } from './torn.ts';

/** Creates one; it is dropped, sessions and all, when the test ends. About 30 ms. */
export async function freshDatabase(t: Torn): Promise<{ url: string; name: string }> {
  const cluster = process.env.DAYLINE_TEST_POSTGRES;
  if (!cluster) throw new Error('No Postgres for tests: run them with `npm test -- <file>`.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(cluster, `create database ${name}`);
  t.teardown(() => query(cluster, `drop database if exists ${name} with (force)`));
  const url = new URL(cluster);
  url.pathname = name;
  return { url: url.href, name };
}

/** One statement on a connection of its own. @returns its rows */
export async function query(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
