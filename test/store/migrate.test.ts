import { readdirSync } from 'node:fs';
import pg from 'pg';
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { builtInFiles } from '../../src/datasets/built-in.ts';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import declared from '../../src/datasets/reference/trade-cal.ts';
import { ensureTable } from '../../src/store/dataset-tables.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openOrm } from '../../src/store/orm.ts';
import { freshDatabase } from '../support/postgres.ts';

const tradeCal: TableDataset = declared;

t.test('two at once do it once, a third time changes nothing', async (t) => {
  const { url } = await freshDatabase(t);
  const config = loadConfig({ DATABASE_URL: url });
  const both = await Promise.all([migrate(config), migrate(config)]);
  const written = readdirSync(new URL('../../migrations', import.meta.url)).map((file) =>
    file.replace('.ts', ''),
  );
  t.same(both.flatMap((report) => report.migrations).sort(), written.sort());
  const created = both.flatMap((report) => report.tables).filter((table) => table.change === 'created');
  t.same(created.map((table) => table.dataset).sort(), [...builtInFiles().keys()].sort());
  t.ok(created.length >= 164, 'every API of the catalogue has its table');
  const again = await migrate(config);
  t.same(again.migrations, []);
  t.ok(again.tables.every((table) => table.change === 'unchanged'));
});

t.test('the entities are what the migrations made', async (t) => {
  const { url } = await freshDatabase(t);
  const config = loadConfig({ DATABASE_URL: url });
  await migrate(config);
  const orm = await openOrm(config);
  t.teardown(() => orm.close());
  t.equal((await orm.schema.getUpdateSchemaSQL()).trim(), '');
});

t.test('a new field becomes a column, a foreign table and a changed type are refused', async (t) => {
  const { url } = await freshDatabase(t);
  const config = loadConfig({ DATABASE_URL: url });
  await migrate(config);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.teardown(() => client.end());
  await client.query(`INSERT INTO trade_cal VALUES ('SSE', '20190102', 1, null)`);

  const wider = {
    ...tradeCal,
    fields: [...tradeCal.fields, { name: 'note', type: 'text', comment: '' } as const],
  };
  t.match(await ensureTable(client, wider), { change: 'altered', added: ['note'] });
  t.match(await ensureTable(client, tradeCal), { change: 'unchanged' }, 'a column that is gone stays');
  t.same((await client.query('SELECT is_open, note FROM trade_cal')).rows, [{ is_open: '1', note: null }]);

  const fields = tradeCal.fields.map((field) =>
    field.name === 'is_open' ? ({ ...field, type: 'text' } as const) : field,
  );
  await t.rejects(ensureTable(client, { ...tradeCal, fields }), {
    name: 'TableConflict',
    message: /is_open is bigint/,
  });
  await client.query('CREATE TABLE theirs (exchange text)');
  await t.rejects(ensureTable(client, { ...tradeCal, name: 'theirs' }), { message: /did not create/ });
});
