/** What the tests of the scheduler share: a migrated database, and its repositories. */

import { type Config, loadConfig } from '../../../src/config.ts';
import { ExecutionLog } from '../../../src/scheduler/execution-log.ts';
import { Firings } from '../../../src/scheduler/firings.ts';
import { JobConfigs } from '../../../src/scheduler/job-configs.ts';
import type { DatabaseSettings } from '../../../src/store/connection.ts';
import { openOrm } from '../../../src/store/orm.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { migratedDatabase } from '../../support/migrated-database.ts';
import type { Torn } from '../../support/torn.ts';

export interface Schedules {
  config: Config;
  store: Store;
  configs: JobConfigs;
  firings: Firings;
  log: ExecutionLog;
}

export async function freshSchedules(t: Torn): Promise<Schedules> {
  return schedulesOn(t, (await migratedDatabase(t)).url);
}

/** The tables of a database that the test has. */
export function schedulesOn(t: Torn, url: string): Schedules {
  const config = loadConfig({ DATABASE_URL: url });
  const store = openStore(config, { applicationName: 'test:scheduler' });
  t.teardown(() => store.close());
  return {
    config,
    store,
    configs: new JobConfigs(store),
    firings: new Firings(store),
    log: new ExecutionLog(store),
  };
}

/** Runs the migrations alone: the scheduler needs no table of a dataset. */
export async function migrateSystem(config: DatabaseSettings): Promise<void> {
  const orm = await openOrm(config);
  try {
    await orm.migrator.up();
  } finally {
    await orm.close(true);
  }
}
