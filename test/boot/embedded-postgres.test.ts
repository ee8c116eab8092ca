import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { unprivilegedAccount } from '../../src/embedded/home.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { findPostgres } from '../../src/embedded/postgres-binaries.ts';
import { freshFolder } from '../support/folder.ts';
import { query } from '../support/postgres.ts';

t.test('starts in a path with spaces, and keeps committed rows over a stop and a kill -9', async (t) => {
  const home = freshFolder(t, 'my postgres');
  const first = await startPostgres({ home });
  t.teardown(() => first.stop());
  await query(first.url, 'create table kept as select 1 as n');
  t.same(
    await query(first.url, "select current_setting('fsync') || current_setting('synchronous_commit') as on"),
    [{ on: 'onon' }],
  );
  t.same(await query(first.url, 'show unix_socket_directories'), [{ unix_socket_directories: '' }]);
  const stranger = new URL(first.url);
  stranger.password = 'guessed';
  await t.rejects(query(stranger.href, 'select 1'), /password authentication failed/);
  t.equal(fs.statSync(path.join(home, 'postgres/password')).mode & 0o777, 0o600);
  t.equal(
    fs.statSync(path.join(home, 'postgres/data')).uid,
    unprivilegedAccount()?.uid ?? process.getuid?.(),
  );

  await first.stop();
  await first.stop();
  const second = await startPostgres({ home, port: first.port });
  t.teardown(() => second.stop());
  await query(second.url, 'insert into kept values (2)');
  process.kill(second.pid, 'SIGKILL');
  await second.exited;

  // its pid file stays; here another process has got that pid by now
  fs.writeFileSync(path.join(home, 'postgres/data/postmaster.pid'), `${process.pid}\n`);
  const third = await startPostgres({ home });
  t.teardown(() => third.stop());
  t.same(await query(third.url, 'select n from kept order by n'), [{ n: 1 }, { n: 2 }]);
  const fourth = await startPostgres({ home });
  t.teardown(() => fourth.stop());
  t.notOk(third.running(), 'one left over from an earlier run is ended first');
  t.same(await query(fourth.url, 'select count(*)::int as n from kept'), [{ n: 2 }]);
});

t.test('a cluster that was interrupted while it was made is not taken for one', async (t) => {
  const home = freshFolder(t);
  fs.mkdirSync(path.join(home, 'postgres/data.half'), { recursive: true });
  fs.writeFileSync(path.join(home, 'postgres/data.half/PG_VERSION'), '18\n');
  const server = await startPostgres({ home });
  t.same(await query(server.url, 'select 1 as n'), [{ n: 1 }]);
  await server.stop();
});

const asRoot = process.getuid?.() === 0;

t.test(
  'an ordinary user starts it too',
  { skip: asRoot ? false : 'this test already runs as one' },
  async (t) => {
    const home = freshFolder(t, 'of a user');
    const daemon = { uid: 1, gid: 1 }; // has a name on every system, which initdb asks for
    fs.chownSync(home, daemon.uid, daemon.gid);
    const module = path.join(import.meta.dirname, '../../src/embedded/postgres.ts');
    const script = `
    import { startPostgres } from ${JSON.stringify(module)};
    const server = await startPostgres({ home: process.argv[1] });
    console.log(process.getuid());
    await server.stop();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, home], {
      ...daemon,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += chunk;
    });
    t.equal(await new Promise((resolve) => child.once('close', resolve)), 0);
    t.equal(said.trim(), '1');
  },
);

t.test('binaries that lie where the account cannot go are copied, once', { skip: !asRoot }, async (t) => {
  const cache = path.join(freshFolder(t), 'cache');
  const account = unprivilegedAccount();
  const inPlace = await findPostgres(cache, account);
  const native = path.dirname(path.dirname(inPlace.postgres));
  const hidden = path.join(freshFolder(t), 'hidden');
  fs.mkdirSync(hidden, { mode: 0o700 });
  fs.cpSync(native, path.join(hidden, 'native'), { recursive: true, verbatimSymlinks: true });
  const [one, other] = await Promise.all([
    findPostgres(cache, account, path.join(hidden, 'native')),
    findPostgres(cache, account, path.join(hidden, 'native')),
  ]);
  t.ok(one.postgres.startsWith(cache), 'a copy is used');
  t.same(one, other);
  t.equal(fs.readdirSync(cache).length, 1, 'two at once make one copy, and nothing is left lying about');
});
