// A permit that is too late is thrown away before anything is written (design § 5).
import t from 'tap';
import { makeClient, rows, startServer } from './support/server.ts';

t.test('a late permit makes no call, is given back, and another is asked for', async (t) => {
  const server = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]])));
  const { client, ledger, lines } = makeClient(t, server.url);
  ledger.lives = [-1, 0];
  await client.call('daily', {}, ['a']);
  t.equal(server.requests.length, 1, 'one call arrived');
  t.same([ledger.taken, ledger.used], [3, 3], 'three permits, all given back');
  t.equal(lines.filter(({ msg }) => /came too late/.test(String(msg))).length, 2, 'each is told');
});

t.test('permits that are always late end in an error, instead of burning the window', async (t) => {
  const server = await startServer(t, (_request, response) => response.end(rows(['a'], [[1]])));
  const { client, ledger } = makeClient(t, server.url);
  ledger.lives = [0, 0, 0, 0, 0];
  await t.rejects(client.call('daily', {}, ['a']), {
    type: 'network',
    message: /longer than a permit is good for/,
  });
  t.same([server.requests.length, ledger.taken, ledger.used], [0, 3, 3]);
});
