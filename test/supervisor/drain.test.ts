/** A supervisor that drains ends what it runs and takes nothing new, until it is resumed. */
import { Redis } from 'ioredis';
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('it ends its task, another one takes what waits, and resumed it takes tasks again', async (t) => {
  const { url } = await freshRedis(t);
  const queue = await openTestQueue(t, url);
  const api = await startApi(t, { REDIS_URL: url });
  const first = await startSupervisor(t, { REDIS_URL: url, SUPERVISOR_THREADS: '2' });
  const own = await submit(queue, 'steady', { params: { steps: 30, step_ms: 100 } });
  const { owner } = await until(queue, own, ({ status }) => status === 'running');
  const at = `/api/v1/supervisors/${owner}`;
  t.match(await api.post(`${at}/drain`), { status: 200, body: { code: 'SUPERVISOR_DRAINING' } });
  await first.logged(({ msg }) => msg === 'the supervisor drains');

  const next = await submit(queue, 'noop');
  t.match((await queue.look(next))?.waiting, { reason: 'draining', message: /^Every supervisor drains/ });
  t.match((await api.get('/health')).body, {
    reasons: [{ code: 'draining', message: /^Every supervisor drains; 1 task waits until/ }],
    supervisors: { alive: 1, draining: 1 },
  });
  t.match((await api.get('/metrics')).text, /^dayline_supervisors_draining 1$/m);
  await startSupervisor(t, { REDIS_URL: url, SUPERVISOR_THREADS: '1' });
  const { owner: other } = await until(queue, next, ({ status }) => status === 'completed');
  t.not(other, owner, 'one thread of the first was free all the while');

  await until(queue, await submit(queue, 'spin'), ({ status }) => status === 'running'); // the other is full
  const waits = await submit(queue, 'noop');
  t.match(await queue.look(waits), { waiting: { reason: 'queue' } }, 'not every supervisor drains');
  const ended = await until(queue, own, ({ status }) => status !== 'running');
  t.match(ended, { status: 'completed', owner, attempt: 1, losses: 0, records_processed: 30 });
  // What its end claims is claimed in the script that ends it.
  t.match(await queue.get(waits), { status: 'pending', started_at: null, fence: null });
  const listed = (await api.get('/api/v1/supervisors')).body.data.supervisors;
  const draining = listed.filter((one: { draining: boolean }) => one.draining);
  t.match(draining, [{ supervisor_id: owner, alive: true, running: [] }]);

  const resumed = await dayline(t, ['resume', owner as string], { DAYLINE_URL: api.url });
  t.match(resumed, { code: 0, stdout: `${owner} takes tasks again, within 2 s.\n` });
  t.match(await until(queue, waits, ({ status }) => status === 'completed'), { owner });
});

t.test('who may wish it, for whom, and how long the wish stands', async (t) => {
  const { url } = await freshRedis(t);
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  const queue = new Queue(redis, 'stock');
  const tokens = { API_READ_TOKENS: 'reader', API_OPERATE_TOKENS: 'ops:operator' };
  const api = await startApi(t, { REDIS_URL: url, ...tokens });
  const by = (token: string) => ({ authorization: `Bearer ${token}` });
  const wish = async (id: string, verb: string, token = 'operator') =>
    (await api.post(`/api/v1/supervisors/${id}/${verb}`, undefined, by(token))).body.code;
  const wished = () => redis.smembers(queue.keys.draining);
  for (const id of ['one', 'two', 'dead']) await queue.tick(id, [], LEASE_MS);
  await redis.zadd(queue.keys.supervisors, Date.now() - 6_000, 'dead');

  for (const id of ['dead', 'nobody'])
    for (const verb of ['drain', 'resume']) t.equal(await wish(id, verb), 'SUPERVISOR_NOT_FOUND', id);
  t.equal(await wish('one', 'drain', 'reader'), 'FORBIDDEN');
  t.equal(await wish('one', 'resume'), 'SUPERVISOR_RESUMED', 'one that does not drain');
  t.same(await wished(), []);
  for (let twice = 0; twice < 2; twice++) t.equal(await wish('one', 'drain'), 'SUPERVISOR_DRAINING');
  t.same(await wished(), ['one']);
  t.equal((await queue.tick('one', [], LEASE_MS)).draining, true, 'its own beat tells it');
  t.equal((await queue.tick('two', [], LEASE_MS)).draining, false, 'and nobody else');
  const logged = (await redis.lrange(queue.keys.actions, 0, -1)).map((line) => JSON.parse(line));
  t.match(logged.at(-1), { actor: 'ops', target: 'one', outcome: 'SUPERVISOR_DRAINING' });

  await queue.leave('one');
  t.same(await wished(), [], 'it left in good order');
  await redis.zadd(queue.keys.supervisors, Date.now() + 60_000, 'two'); // alive, however slow this machine is
  await wish('two', 'drain');
  const shown = await dayline(t, ['supervisors'], { DAYLINE_URL: api.url, DAYLINE_API_TOKEN: 'reader' });
  t.match(shown.stdout, /^two +draining /m);
  t.match(shown.stdout, /^dead +lost /m);
  await redis.zadd(queue.keys.supervisors, Date.now() - 61_000, 'two');
  await queue.tick('three', [], LEASE_MS);
  t.same(await wished(), [], 'it was silent for a minute');
});
