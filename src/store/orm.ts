/** MikroORM: owns the system tables. For processes that live long (web, scheduler, migrate), not for threads. */
import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { type DatabaseSettings, readConnection } from './connection.ts';
import { entities } from './entities.ts';

/** The options shared by the processes and the MikroORM CLI (mikro-orm.config.ts). */
export function ormOptions(config: DatabaseSettings, applicationName = 'dayline') {
  const { host, port, user, password, database, ssl } = readConnection(config);
  return defineConfig({
    host,
    port,
    user,
    password,
    dbName: database,
    driverOptions: { ssl, application_name: applicationName },
    entities,
    extensions: [Migrator],
    ignoreUndefinedInQuery: true,
    // The tables of datasets come from the catalogue: MikroORM must neither compare nor drop them.
    schemaGenerator: {
      skipTables: [
        new RegExp(`^(?!(public[.])?(${entities.map((entity) => entity.meta.tableName).join('|')})$)`),
      ],
      skipViews: [/_latest$/],
    },
    migrations: {
      path: fileURLToPath(new URL('../../migrations', import.meta.url)),
      glob: 'Migration*.ts',
      tableName: 'dayline_migrations',
      snapshot: false,
      silent: true,
    },
  });
}

/** Connects MikroORM. Close it with `orm.close()`. */
export function openOrm(config: DatabaseSettings, applicationName?: string): Promise<MikroORM> {
  return MikroORM.init(ormOptions(config, applicationName));
}
