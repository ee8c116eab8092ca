/** While Postgres is away tasks run as ever, what they end with waits in Redis, and all of it arrives afterwards. */
import t from 'tap';
import { ownPostgres } from '../support/own-postgres.ts';
import { submit, until } from '../support/queue.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { checkLedger, endMany, rows, setUp, slowDown, untilAudited, untilSo } from './support.ts';

const WENT = /history can not be written/;
const CAME = /history can be written again/;

t.test('Postgres stops in the middle of the work and starts again', async (t) => {
  const postgres = await ownPostgres(t);
  const bundle = await setUp(t, postgres.url);
  const { queue, redis, store, env } = bundle;
  const supervisor = await startSupervisor(t, env);
  const told = (what: RegExp) => supervisor.log.filter(({ msg }) => what.test(String(msg))).length;
  const before = await submit(queue, 'noop');
  await until(queue, before, (task) => task.status === 'completed');
  await untilAudited(bundle);

  const long = await submit(queue, 'steady', { params: { steps: 60, step_ms: 50 } });
  const running = await until(queue, long, (task) => task.status === 'running');
  await postgres.stop();
  const during = await endMany(bundle, 700);
  const modes = ['full', 'history', 'backfill', 'incremental'] as const;
  const noops = await Promise.all(modes.map((mode) => submit(queue, 'noop', { mode })));
  for (const id of noops) await until(queue, id, (task) => task.status === 'completed');
  const ended = await until(queue, long, (task) => task.status === 'completed');
  t.match(ended, {
    attempt: 1,
    losses: 0,
    owner: running.owner,
    fence: running.fence,
    records_processed: 60,
  });
  await supervisor.logged(({ msg }) => WENT.test(String(msg)));
  const all = [long, ...during, ...noops];
  t.equal(await redis.llen(queue.keys.audit), all.length, 'nothing is dropped');
  const ttls = await Promise.all(all.map((id) => redis.ttl(queue.keys.task(id))));
  t.ok(
    ttls.every((ttl) => ttl === -1),
    'no Redis copy expires before it is in Postgres',
  );

  await postgres.start();
  await untilAudited(bundle);
  await supervisor.logged(({ msg }) => CAME.test(String(msg)));
  await checkLedger(t, bundle, [before, ...all]);
  t.strictSame([told(WENT), told(CAME)], [1, 1], 'told once when it went and once when it came back');
  t.equal(await supervisor.stop(), 0);
  t.notOk(
    supervisor.log.some(({ msg }) => /crashed/.test(String(msg))),
    'no part of the supervisor crashed',
  );
  await store.close();
});

t.test('Postgres is cut off while rows are on their way', async (t) => {
  const postgres = await ownPostgres(t);
  const bundle = await setUp(t, postgres.url);
  const ids = await endMany(bundle, 3_000);
  await slowDown(bundle.store, 0.3);
  await startSupervisor(t, bundle.env);
  await untilSo('some are copied', async () => (await rows(bundle.store)) > 0);
  await postgres.stop();
  t.ok((await bundle.redis.llen(bundle.queue.keys.audit)) > 0, 'in the middle');
  await postgres.start();
  await untilAudited(bundle);
  await checkLedger(t, bundle, ids);
  await bundle.store.close();
});

t.test('a Postgres that answers nothing holds up neither tasks nor the end of the supervisor', async (t) => {
  const postgres = await ownPostgres(t);
  const bundle = await setUp(t, postgres.url);
  await bundle.store.close();
  postgres.freeze();
  const supervisor = await startSupervisor(t, { ...bundle.env, HISTORY_RETENTION_DAYS: '0' });
  const ids = await endMany(bundle, 3);
  const id = await submit(bundle.queue, 'noop');
  await until(bundle.queue, id, (task) => task.status === 'completed');
  await untilSo('the auditor is at it', async () => (await bundle.redis.exists('{stock}:auditor')) === 1);
  const began = performance.now();
  t.equal(await supervisor.stop(), 0);
  const ms = Math.round(performance.now() - began);
  t.ok(ms < 5_000, `it stopped in ${ms} ms, without waiting the 10 s for Postgres`);
  t.equal(await bundle.redis.llen(bundle.queue.keys.audit), ids.length + 1);
});
