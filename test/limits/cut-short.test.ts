// A call that was cut short may still be on its way to TuShare: its slot counts until it can't be any more.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { createLogger } from '../../src/log.ts';
import { TushareClient } from '../../src/tushare/client.ts';
import { freshRedis } from '../support/redis.ts';
import type { Torn } from '../support/torn.ts';
import { mostInAnyWindow, startJudge } from './support/judge.ts';
import { openWindow } from './support/window.ts';

const WINDOW_MS = 2_000;
/** What the long way adds: less than the second that a call may take. */
const DETOUR_MS = 700;

t.test('a call that was given up in flight counts for the window in which it arrives', async (t) => {
  const redis = await freshRedis(t);
  const judge = await startJudge(t, 1);
  const detour = await startDetour(t, Number(new URL(judge.url).port));
  const permits = await openWindow(t, redis.url, { limit: 1, windowSeconds: WINDOW_MS / 1000 });
  const client = (baseUrl: string) =>
    new TushareClient({
      baseUrl,
      token: 'x',
      timeoutMs: 1_000,
      permits,
      log: createLogger('test', 'silent'),
    });

  const abort = new AbortController();
  const givenUp = client(detour.url).call('daily', {}, [], abort.signal);
  givenUp.catch(() => {});
  await detour.sent;
  abort.abort(new Error('not any more'));
  await t.rejects(givenUp, { message: 'not any more' });
  await t.rejects(client(judge.url).call('daily', {}, []), 'the judge answers no rows');

  t.equal(judge.arrivals.length, 2, 'both have arrived');
  t.equal(mostInAnyWindow(judge.arrivals, WINDOW_MS), 1);
});

/** A network that is slow in one direction: what is sent arrives, but later, and whatever becomes of the sender. */
async function startDetour(t: Torn, port: number) {
  const sent = Promise.withResolvers<void>();
  const server = net.createServer((socket) => {
    const onward = net.connect(port, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => {});
    t.teardown(() => onward.destroy());
    socket.on('data', async (bytes) => {
      sent.resolve();
      await delay(DETOUR_MS);
      onward.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent: sent.promise };
}
