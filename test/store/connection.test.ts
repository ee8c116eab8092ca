import t from 'tap';
import { readConnection } from '../../src/store/connection.ts';

const read = (DATABASE_URL: string) => readConnection({ DATABASE_URL, PGSSLMODE: '' });

t.test('sslmode means what it means to libpq', async (t) => {
  const ssl = (mode: string) => read(`postgres://u:p%40ss@db.example:6000/name${mode}`).ssl;
  t.equal(ssl(''), false);
  t.equal(ssl('?sslmode=disable'), false);
  t.same(ssl('?sslmode=require'), { rejectUnauthorized: false });
  t.same(ssl('?sslmode=verify-full'), { rejectUnauthorized: true });
  const DATABASE_URL = 'postgres://u:p@db.example/name';
  t.same(readConnection({ DATABASE_URL, PGSSLMODE: 'require' }).ssl, { rejectUnauthorized: false });
  t.equal(
    readConnection({ DATABASE_URL: `${DATABASE_URL}?sslmode=disable`, PGSSLMODE: 'require' }).ssl,
    false,
  );
  t.throws(() => ssl('?sslmode=yes'), { name: 'ConfigError' });
});

t.test('every part of the URL is read, encoded characters too', async (t) => {
  t.match(read('postgresql://u:p%40ss@[::1]/na%20me'), {
    host: '::1',
    port: 5432,
    user: 'u',
    password: 'p@ss',
    database: 'na me',
  });
});

t.test('a URL that cannot be used is refused without showing it', async (t) => {
  for (const url of [
    '',
    'nonsense',
    'mysql://u:secret@host/name',
    'postgres://u:secret@host',
    'postgres://host/name',
  ]) {
    t.throws(() => read(url), { name: 'ConfigError' });
    t.throws(() => read(url), { message: /^((?!secret).)*$/ });
  }
});
