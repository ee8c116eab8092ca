import t from 'tap';
import { freshFolder } from '../support/folder.ts';
import { query } from '../support/postgres.ts';
import { everythingOf, gone, startUp } from '../support/up.ts';

t.test('kill -9 of up ends everything in good order, and the next start has the data', async (t) => {
  const home = freshFolder(t, 'up home');
  const up = startUp(t, home);
  await up.line(/Health/);
  await query(up.run().database_url, 'create table kept as select 42 as answer');
  up.process.kill('SIGKILL');
  await up.ended;
  t.ok(await gone(home), 'every child ends by itself');

  const again = startUp(t, home);
  await again.line(/Health/);
  t.same(await query(again.run().database_url, 'select answer from kept'), [{ answer: 42 }]);

  // and now the machine loses all of it at once
  for (const { pid } of everythingOf(home)) process.kill(pid, 'SIGKILL');
  await again.ended;
  const third = startUp(t, home);
  await third.line(/Health/);
  t.same(await query(third.run().database_url, 'select answer from kept'), [{ answer: 42 }]);

  // the keeper too, but not the servers: nobody is left to end them
  const { processes } = third.run();
  const servers = processes.filter(({ name }) => name === 'redis' || name === 'postgres');
  for (const { pid } of everythingOf(home))
    if (!servers.some((server) => server.pid === pid)) {
      const isBackend = !processes.concat({ ...third.run().up, name: 'up' }).some((one) => one.pid === pid);
      if (!isBackend) process.kill(pid, 'SIGKILL');
    }
  await third.ended;
  const fourth = startUp(t, home);
  await fourth.line(/Health/);
  t.same(await query(fourth.run().database_url, 'select answer from kept'), [{ answer: 42 }]);
  fourth.ctrlC();
  t.equal(await fourth.ended, 0);
  t.same(everythingOf(home), []);
});

t.test('a process that ends unasked is started again', async (t) => {
  const home = freshFolder(t, 'up home');
  const up = startUp(t, home);
  await up.line(/Health/);
  const { web, processes } = up.run();
  for (const name of ['supervisor', 'redis'])
    process.kill(processes.find((one) => one.name === name)?.pid as number, 'SIGKILL');
  await up.line(/supervisor process has ended unasked/);
  await up.line(/Redis has ended unasked/);
  t.equal((await fetch(`${web}/health`)).status, 200);
  up.ctrlC();
  t.equal(await up.ended, 0);
  t.same(everythingOf(home), []);
});
