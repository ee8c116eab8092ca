/** A fresh, empty database for one test, on the real embedded Postgres that the runner has started. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Torn } from './torn.ts';

export interface FreshDatabase {
  readonly url: string;
  readonly name: string;
}

/** Creates one; it is dropped, sessions and all, when the test ends. About 30 ms. */
export function freshDatabase(t: Torn): Promise<FreshDatabase> {
  return createDatabase(t);
}

/** @param how what CREATE DATABASE takes after the name */
export async function createDatabase(t: Torn, how = ''): Promise<FreshDatabase> {
  const cluster = testCluster();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(cluster, `create database ${name} ${how}`);
  t.teardown(() => query(cluster, `drop database if exists ${name} with (force)`));
  return { url: urlOf(name), name };
}

/** Where the databases of the tests are made. @throws Error outside `npm test` */
export function testCluster(): string {
  const cluster = process.env.DAYLINE_TEST_POSTGRES;
  if (!cluster) throw new Error('No Postgres for tests: run them with `npm test -- <file>`.');
  return cluster;
}

export function urlOf(database: string): string {
  const url = new URL(testCluster());
  url.pathname = database;
  return url.href;
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
