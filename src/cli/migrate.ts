/** `dayline migrate`: the release phase. It talks to Postgres itself, since web may not run yet. */
import { type Config, loadConfig } from '../config.ts';
import type { MigrationReport } from '../store/migrate.ts';
import { CliError } from './client.ts';
import { say } from './language.ts';

/** What the connection to Postgres fails with when it isn't there, or won't let us in. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|28\w{3}|3D000|57P\d{2})$/;

/**
 * Brings the tables up to date and says what was done.
 * @returns exit code
 * @throws ConfigError; CliError when Postgres isn't reachable or a table is in the way
 */
export async function runMigrate(): Promise<number> {
  const { migrations, tables } = await migrateClearly(loadConfig());
  for (const name of migrations) console.log(`${say('migrated', '已迁移')} ${name}`);
  const changed = tables.filter((table) => table.change !== 'unchanged');
  const created = changed.filter((table) => table.change === 'created').map((table) => table.dataset);
  if (created.length > 0) console.log(createdLine(created));
  for (const { dataset, change, added } of changed)
    if (change === 'altered') console.log(`${dataset}: ${change} (${added.join(', ')})`);
  if (migrations.length + changed.length === 0) console.log(say('Up to date.', '已是最新。'));
  return 0;
}

/** Names the tables where they are few; a new database gets one for each of some 160 datasets. */
function createdLine(created: string[]): string {
  const names = created.length > 5 ? '' : `: ${created.join(', ')}`;
  return `${say(`created ${created.length} tables`, `已创建 ${created.length} 张表`)}${names}`;
}

/**
 * Brings the tables up to date.
 * @throws CliError that says what to do when Postgres isn't reachable or a table is in the way
 */
export async function migrateClearly(config: Config): Promise<MigrationReport> {
  // imported here, so that the other commands don't wait for MikroORM to load
  const { migrate } = await import('../store/migrate.ts');
  return migrate(config).catch((error: Error & { code?: string }) => {
    if (error.name === 'TableConflict') throw new CliError('TABLE_CONFLICT', error.message);
    if (AWAY.test(error.code ?? '')) {
      throw new CliError(
        'POSTGRES_UNAVAILABLE',
        say(
          `The database that DATABASE_URL names can't be used (${error.code}). Is it running, and may this user log in?`,
          `无法使用 DATABASE_URL 指定的数据库（${error.code}）。请确认它已启动且该用户可以登录。`,
        ),
      );
    }
    throw error;
  });
}
