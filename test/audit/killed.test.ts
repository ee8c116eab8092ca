/** Auditors that are killed, doubled or cut off in the middle: still exactly one row each, and none is lost (D28). */
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type SupervisorProcess, startSupervisor } from '../support/supervisor.ts';
import {
  type AuditBundle,
  checkLedger,
  endMany,
  rows,
  setUp,
  slowDown,
  untilAudited,
  untilSo,
} from './support.ts';

/** Eight batches, so that there is a middle. */
const COUNT = 4_000;

/** So many supervisors, none of which copies before all of them are there. */
async function startCrew(t: Test, { redis, env }: AuditBundle, count: number): Promise<SupervisorProcess[]> {
  await redis.set('{stock}:auditor', 'the test');
  const crew = await Promise.all(Array.from({ length: count }, () => startSupervisor(t, env)));
  await redis.del('{stock}:auditor');
  return crew;
}

async function nameOf(supervisor: SupervisorProcess): Promise<string> {
  const line = await supervisor.logged(({ supervisor_id }) => supervisor_id !== undefined);
  return line.supervisor_id as string;
}

/** Resolves with the one of them that copies now. */
async function holder(bundle: AuditBundle, crew: SupervisorProcess[]): Promise<SupervisorProcess> {
  const names = await Promise.all(crew.map(nameOf));
  let found: SupervisorProcess | undefined;
  await untilSo('one of the supervisors has the audit list', async () => {
    const name = await bundle.redis.get('{stock}:auditor');
    found = crew[names.indexOf(name ?? '')];
    return found !== undefined;
  });
  return found as SupervisorProcess;
}

async function untilMore(t: Test, bundle: AuditBundle, than: number): Promise<number> {
  await untilSo('more rows', async () => (await rows(bundle.store)) > than);
  const now = await rows(bundle.store);
  t.ok(now < COUNT, `in the middle: ${now} of ${COUNT}`);
  return now;
}

t.test('kill -9 of whoever copies, three times, with others standing by', async (t) => {
  const bundle = await setUp(t);
  const ids = await endMany(bundle, COUNT);
  await slowDown(bundle.store, 0.25);
  let crew = await startCrew(t, bundle, 4);
  let copied = 0;
  for (const pause of [0, 30, 130]) {
    copied = await untilMore(t, bundle, copied);
    await delay(pause); // another instruction of the round: copying, removing, looking
    const victim = await holder(bundle, crew);
    await victim.kill();
    crew = crew.filter((one) => one !== victim);
  }
  await untilAudited(bundle);
  await checkLedger(t, bundle, ids);
});

t.test('killed between COMMIT and removal: what is in both places is copied over itself', async (t) => {
  const bundle = await setUp(t);
  const { redis, queue, server, store } = bundle;
  const ids = await endMany(bundle, COUNT);
  await slowDown(store, 0.5);
  const first = await startSupervisor(t, bundle.env);
  await untilSo('the first rows are on their way', async () => {
    const { rows } = await store.pool.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'dayline:auditor:%' AND query LIKE 'INSERT%'`,
    );
    return rows.length > 0;
  });
  server.freeze(); // from here on nothing can be removed, while Postgres commits what it was given
  await untilSo('they are committed', async () => (await rows(store)) > 0);
  await first.kill();
  server.thaw();
  await untilSo('Redis answers', async () => (await redis.ping()) === 'PONG');
  const waiting = await redis.llen(queue.keys.audit);
  t.ok(waiting + (await rows(store)) >= COUNT, 'each is at least in one place');
  await startSupervisor(t, bundle.env);
  await untilAudited(bundle);
  await checkLedger(t, bundle, ids);
});

t.test('several at once, without the lease that keeps them apart, and one frozen on the way', async (t) => {
  const bundle = await setUp(t);
  const { redis } = bundle;
  const ids = await endMany(bundle, COUNT);
  await slowDown(bundle.store, 0.5); // eight batches: longer than the others' pause between two looks
  const crew = await startCrew(t, bundle, 3);
  const auditors = new Set<string>();
  let frozen: SupervisorProcess | undefined;
  await untilSo('no entry waits', async () => {
    const name = await redis.get('{stock}:auditor');
    if (name) auditors.add(name);
    await redis.del('{stock}:auditor');
    if (!frozen && (await rows(bundle.store)) > 0) {
      frozen = crew[0];
      frozen?.signal('SIGSTOP');
    }
    return (await redis.llen(bundle.queue.keys.audit)) === 0;
  });
  const later = await endMany(bundle, 10);
  frozen?.signal('SIGCONT');
  await untilAudited(bundle);
  t.ok(auditors.size > 1, `${auditors.size} of them copied`);
  await checkLedger(t, bundle, [...ids, ...later]);
});

t.test('Redis is killed and comes back in the middle', async (t) => {
  const bundle = await setUp(t);
  const ids = await endMany(bundle, COUNT);
  await slowDown(bundle.store, 0.15);
  const supervisor = await startSupervisor(t, bundle.env);
  await untilMore(t, bundle, 0);
  await bundle.server.kill();
  await bundle.server.restart();
  await untilAudited(bundle);
  await checkLedger(t, bundle, ids);
  t.equal(await supervisor.stop(), 0);
});
