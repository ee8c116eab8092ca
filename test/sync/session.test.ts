/** Whose connections a run uses, and for how long (R101, R109, R110). */
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { openStore, type Store } from '../../src/store/store.ts';
import type { RunOutcome } from '../../src/sync/context.ts';
import { runSync } from '../../src/sync/run.ts';
import { withStore } from '../../workers/sync-task.ts';
import { bench, dailyBasic, smallMarket, taskOf } from './support.ts';

const here = await bench(t, { SYNC_CALLS_IN_FLIGHT: '1', SYNC_DAILY_HISTORY_BATCH_SIZE: '2' });
const HISTORY = { dataset: 'daily_basic', params: { start_date: '20190107', end_date: '20190118' } };

async function market() {
  await here.clear();
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => dailyBasic(codes, open, request);
  return { open };
}
/** Connections that carry the name of this task. */
const connections = () =>
  here.rows(
    `SELECT state FROM pg_stat_activity WHERE application_name LIKE 'dayline:%' AND datname = current_database()`,
  );

/** A backend goes a moment after its client. */
async function noConnectionIsLeft(t: Test) {
  const end = performance.now() + 10_000;
  while ((await connections()).length > 0 && performance.now() < end) await delay(20);
  t.same(await connections(), []);
}

t.test('between two batches a run holds no connection, and what is committed stands', async (t) => {
  await market();
  const store = openStore(here.config, { applicationName: 'test' });
  t.teardown(() => store.close());
  const looked: { lent: number; stored: unknown }[] = [];
  const { call } = here.context({});
  let calls = 0;
  await t.rejects(
    runSync(
      here.context(HISTORY, {
        async call(...asked) {
          if (++calls === 6) throw new Error('the sixth call is refused');
          return call(...asked);
        },
        checkpointed() {
          looked.push({ lent: store.pool.totalCount - store.pool.idleCount, stored: null });
        },
      }),
      store,
    ),
    { message: 'the sixth call is refused' },
  );
  t.same(
    looked.map(({ lent }) => lent),
    [0, 0, 0],
    'two batches of two, and the rest of one',
  );
  t.same(await here.rows('SELECT status, current_offset, total_processed FROM sync_tasks'), [
    { status: 'FAILED', current_offset: 5, total_processed: 25 },
  ]);
  t.same(await here.rows('SELECT count(*) AS rows FROM daily_basic'), [{ rows: 25 }]);
});

t.test('a batch that Postgres refuses leaves those before it, and the offset at them', async (t) => {
  await market();
  await here.db.query(`ALTER TABLE daily_basic ADD CONSTRAINT no_ninth CHECK (trade_date <> '2019-01-09')`);
  t.teardown(() => here.db.query('ALTER TABLE daily_basic DROP CONSTRAINT no_ninth'));
  await t.rejects(here.run(HISTORY), { type: 'database', message: /no_ninth/ });
  t.match(await here.rows('SELECT status, current_offset, total_processed FROM sync_tasks'), [
    { status: 'FAILED', current_offset: 2, total_processed: 10 },
  ]);
  t.same(await here.rows(`SELECT partition FROM coverage ORDER BY 1`), [
    { partition: '20190107' },
    { partition: '20190108' },
  ]);
});

t.test('the factory hands out a wired run, and closes its connections whatever its end', async (t) => {
  await market();
  const seen: unknown[] = [];
  const looking =
    (end: () => Promise<RunOutcome>) => async (context: Parameters<typeof runSync>[0], store: Store) => {
      await runSync(context, store);
      seen.push((await connections()).length > 0);
      return end();
    };
  const context = here.context(HISTORY);
  t.equal(context.task.job_type, taskOf(HISTORY).job_type);
  const done = { kind: 'completed', records_processed: 1 } as const;
  t.same(
    await withStore(
      context,
      looking(async () => done),
    ),
    done,
  );
  await noConnectionIsLeft(t);
  const failing = looking(async () => {
    throw new Error('broken');
  });
  await t.rejects(withStore(here.context({ ...HISTORY, fence: 2 }), failing), { message: 'broken' });
  await noConnectionIsLeft(t);
  t.same(seen, [true, true], 'under the name of the task while it ran');
});
