import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { type Bench, bench, dailyBasic, smallMarket } from './support.ts';

const PARAMS = { start_date: '20190107', end_date: '20190118' };

/** A history that died without a word after some batches: its row still says RUNNING. */
async function diedInTheMiddle(t: Parameters<typeof bench>[0]) {
  const here = await bench(t, { SYNC_CALLS_IN_FLIGHT: '1', SYNC_DAILY_HISTORY_BATCH_SIZE: '2' });
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => dailyBasic(codes, open, request);
  const { call } = here.context({});
  let calls = 0;
  const reached = Promise.withResolvers<void>();
  const never = Promise.withResolvers<never>();
  const dead = here.run(
    { dataset: 'daily_basic', params: PARAMS },
    {
      call(...asked) {
        if (++calls <= 6) return call(...asked);
        reached.resolve();
        return never.promise;
      },
    },
  );
  dead.catch(() => {});
  // the last to be registered is the first to run: a store closes only when its run has ended
  t.teardown(() => never.reject(new Error('the test is over')));
  await reached.promise;
  while ((await here.rows('SELECT 1 FROM coverage')).length < 6) await setTimeout(20);
  here.requests.length = 0;
  return { here, open };
}

const heard = (here: Bench, minutesAgo: number, zone = 'UTC') =>
  here.db.query(
    `SET TimeZone = '${zone}'; UPDATE sync_tasks SET updated_at = now() - interval '${minutesAgo} minutes'`,
  );
const tasks = (here: Bench) =>
  here.rows('SELECT id, status, current_offset, total_processed, config FROM sync_tasks ORDER BY started_at');
const another = (number: number) => ({
  dataset: 'daily_basic',
  task_id: `task-${number}`,
  fence: number,
  params: PARAMS,
});

const { TZ } = process.env;
t.teardown(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York'])
  t.test(
    `with a fresh heartbeat another submission is refused and told of the existing one (${zone})`,
    async (t) => {
      // both clocks that a mistake could read: that of the process, and that of the session
      process.env.TZ = zone;
      const { here } = await diedInTheMiddle(t);
      await heard(here, 9, zone);
      await t.rejects(here.run(another(2)), {
        type: 'already_running',
        message: /sync task .* of task a daily_basic history/,
      });
      t.match(await tasks(here), [{ status: 'RUNNING' }]);
      t.equal(here.requests.length, 0);

      await heard(here, 11, zone);
      await here.run(another(3));
      const [old, heir] = await tasks(here);
      t.match(old, { status: 'FAILED', config: { reason: /stale: no heartbeat for 10 minutes/ } });
      t.match(heir, { status: 'COMPLETED', current_offset: 10, total_processed: 50 });
      t.match(heir?.config, { resumed_from: old?.id, task_id: 'task-3' });
      t.equal(here.requests.length, 4, 'nothing is fetched twice');
    },
  );

t.test('a paused history is taken over in its own row', async (t) => {
  const { here } = await diedInTheMiddle(t);
  await here.db.query(`UPDATE sync_tasks SET status = 'PAUSED'`);
  await here.run(another(2));
  t.match(await tasks(here), [{ status: 'COMPLETED', current_offset: 10, config: { task_id: 'task-2' } }]);
  t.equal((await tasks(here)).length, 1);
  t.equal(here.requests.length, 4);
});

t.test('other parameters are another history: nothing is inherited', async (t) => {
  const { here } = await diedInTheMiddle(t);
  await heard(here, 11);
  await here.run({ ...another(2), params: { ...PARAMS, end_date: '20190108' } });
  t.match(await tasks(here), [{ status: 'FAILED' }, { status: 'COMPLETED', current_offset: 2 }]);
  t.equal(here.requests.length, 2);
});

t.test('the same task always takes up its row, however fresh', async (t) => {
  const { here } = await diedInTheMiddle(t);
  await here.run({ dataset: 'daily_basic', params: PARAMS, fence: 2 });
  t.match(await tasks(here), [{ status: 'COMPLETED', current_offset: 10 }]);
  t.equal(here.requests.length, 4);
});
