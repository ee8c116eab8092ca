import net from 'node:net';
import t from 'tap';
import { freshFolder } from '../support/folder.ts';
import { everythingOf, gone, startUp } from '../support/up.ts';

t.test('npm start: ports taken, a second start, and a Ctrl-C that leaves nothing behind', async (t) => {
  const home = freshFolder(t, 'up home');
  const squatter = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  t.teardown(() => squatter.close());
  const { port } = squatter.address() as net.AddressInfo;

  const up = startUp(t, home, { PORT: String(port) });
  t.match(await up.line(/is taken/), `Port ${port} is taken`);
  await up.line(/Health/);
  const run = up.run();
  t.same(
    run.processes.map(({ name }) => name),
    ['keeper', 'redis', 'postgres', 'simulator', 'supervisor', 'web'],
  );
  t.match(up.text(), /GENERATED market/, 'says that the market is made up');
  t.equal((await fetch(`${run.web}/health`)).status, 200);

  const second = startUp(t, home);
  t.equal(await second.ended, 0);
  t.match(second.text(), `already running: ${run.web}`);
  t.equal((await fetch(`${run.web}/health`)).status, 200, 'the first is not disturbed');

  up.ctrlC();
  up.ctrlC(); // npm passes it on as well
  t.equal(await up.ended, 0);
  t.same(everythingOf(home), [], 'no process is left');
  const order = [...up.text().matchAll(/Stopping (\S+)/g)].map((match) => match[1]);
  t.same(order, ['web', 'supervisor', 'simulator', 'Redis']);
});

t.test('a Ctrl-C while it is still starting', async (t) => {
  const home = freshFolder(t, 'up home');
  const up = startUp(t, home);
  await up.line(/Starting Redis and Postgres/);
  up.ctrlC();
  t.equal(await up.ended, 0);
  t.ok(await gone(home, 1000), 'no process is left');
});
