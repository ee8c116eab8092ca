import { Redis } from 'ioredis';
import pg from 'pg';
import t from 'tap';
import { freshDatabase } from '../support/postgres.ts';
import { freshRedis } from '../support/redis.ts';

t.test('a fresh Redis keeps acknowledged writes through a stop and answers after a freeze', async (t) => {
  const server = await freshRedis(t);
  const client = new Redis(server.url, { retryStrategy: () => 20 });
  client.on('error', () => {}); // it is stopped on purpose
  t.teardown(() => client.disconnect());
  await client.set('price', '12.5');
  await server.restart();
  t.equal(await client.get('price'), '12.5');
  await server.kill();
  await server.restart();
  t.equal(await client.ping(), 'PONG');
  server.freeze();
  const answer = client.ping();
  t.equal(await Promise.race([answer, new Promise((r) => setTimeout(r, 100, 'silent'))]), 'silent');
  server.thaw();
  t.equal(await answer, 'PONG');
  const stranger = new Redis({ port: server.port, lazyConnect: true });
  t.teardown(() => stranger.disconnect());
  await t.rejects(stranger.ping(), /NOAUTH/, 'no password, no answer');
});

t.test('fresh databases are apart from each other', async (t) => {
  const [one, other] = await Promise.all([freshDatabase(t), freshDatabase(t)]);
  const client = new pg.Client({ connectionString: one.url });
  await client.connect();
  await client.query('create table bars (close double precision)');
  const second = new pg.Client({ connectionString: other.url });
  await second.connect();
  const { rows } = await second.query("select to_regclass('bars') as found");
  t.equal(rows[0].found, null);
  await Promise.all([client.end(), second.end()]);
});
