import pg from 'pg';
import t from 'tap';
import { dayline } from '../support/cli.ts';
import { freshDatabase } from '../support/postgres.ts';

t.test(
  'dayline migrate: a table for every dataset, nothing the second time, a column that is missing',
  async (t) => {
    const { url } = await freshDatabase(t);
    const env = { DATABASE_URL: url };
    const first = await dayline(t, ['migrate'], env);
    t.match(first, { code: 0, stdout: /^created 1\d\d tables$/m });
    t.match(await dayline(t, ['migrate'], env), { code: 0, stdout: /^Up to date\.\n$/ });

    const client = new pg.Client({ connectionString: url });
    await client.connect();
    t.teardown(() => client.end());
    await client.query('ALTER TABLE shibor DROP COLUMN "1w"; DROP TABLE concept');
    const third = await dayline(t, ['migrate'], env);
    t.match(third, { code: 0, stdout: /^created 1 tables: concept\nshibor: altered \(1w\)\n$/ });
    const { rows } = await client.query(
      `SELECT col_description('shibor'::regclass, attnum) AS comment FROM pg_attribute
     WHERE attrelid = 'shibor'::regclass AND attname = '1w'`,
    );
    t.same(rows, [{ comment: '1 week, percent' }]);
  },
);
