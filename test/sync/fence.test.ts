import pg from 'pg';
import t from 'tap';
import { applicationName, isOlderOwner } from '../../src/store/application-name.ts';
import { bench, daily, smallMarket, taskOf } from './support.ts';

const PARAMS = { start_date: '20190107', end_date: '20190118' };

t.test('an older run is refused at its start and changes nothing', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => daily(codes, open, request);
  await here.run({ fence: 7, params: PARAMS });
  const before = await here.rows('SELECT * FROM sync_tasks');
  await t.rejects(here.run({ task_id: 'late', fence: 6, params: PARAMS }), {
    type: 'fenced',
    message: /fence 7 is stored, this run has 6/,
  });
  await t.rejects(here.run({ task_id: 'same number', fence: 7, params: PARAMS }), {
    type: 'fenced',
    message: /owns daily.history/,
  });
  t.same(await here.rows('SELECT * FROM sync_tasks'), before);
});

t.test('of two owners of one claim, since Redis had lost the first, only the first one begins', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => daily(codes, open, request);
  await here.run({ fence: 7, params: PARAMS });
  const before = await here.rows('SELECT * FROM sync_tasks');
  const asked = here.requests.length;
  await t.rejects(here.run({ fence: 7, params: PARAMS }), {
    type: 'fenced',
    message: /fence 7 is stored, this run has 7/,
  });
  t.same(await here.rows('SELECT * FROM sync_tasks'), before);
  t.equal(here.requests.length, asked, 'and it made no call');
});

t.test('a run that was overtaken cannot store another batch', async (t) => {
  const here = await bench(t, { SYNC_CALLS_IN_FLIGHT: '1', SYNC_DAILY_HISTORY_BATCH_SIZE: '1' });
  const { codes, open } = await smallMarket(here, 3500);
  // a backfill asks by days: each is stored by itself
  const stored = () => here.rows('SELECT partition FROM coverage');
  here.answers = async (request) => {
    if (here.requests.length === 4) {
      while ((await stored()).length < 3) await new Promise(setImmediate);
      await here.db.query(
        `UPDATE job_fences SET fence = 2, task_id = 'newer' WHERE job_type = 'daily.backfill'`,
      );
    }
    return daily(codes, open, request);
  };
  await t.rejects(here.run({ mode: 'backfill', fence: 1, params: PARAMS }), {
    type: 'fenced',
    message: /owns daily.backfill/,
  });
  t.equal((await stored()).length, 3);
  t.same(await here.rows('SELECT count(*) AS rows FROM daily'), [{ rows: 3 * 3500 }]);
  t.match(
    await here.rows('SELECT status FROM sync_tasks'),
    [{ status: 'RUNNING' }],
    'its row is not its own any more',
  );
});

t.test('the connections of older owners of the type are ended, others are left alone', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => daily(codes, open, request);
  const open_as = async (task: Parameters<typeof taskOf>[0]) => {
    const client = new pg.Client({
      connectionString: here.config.DATABASE_URL,
      application_name: applicationName(taskOf(task)),
    });
    client.on('error', () => {});
    await client.connect();
    t.teardown(() => client.end());
    return client;
  };
  await here.run({ fence: 1, params: PARAMS });
  const frozen = await open_as({ fence: 1, task_id: 'frozen' });
  const other = await open_as({ fence: 1, mode: 'backfill', task_id: 'other type' });
  await frozen.query('BEGIN');
  await frozen.query(`SELECT 1 FROM job_fences FOR SHARE`);
  await here.run({ task_id: 'successor', fence: 2, params: PARAMS });
  await t.rejects(frozen.query('SELECT 1'));
  t.ok((await other.query('SELECT 1')).rowCount);
});

t.test('the name of a connection tells its owner within 63 bytes', async (t) => {
  const long = { task_id: 'f'.repeat(36), job_type: `${'x'.repeat(60)}.history`, fence: 123_456_789 };
  t.ok(applicationName(long).length <= 63);
  t.equal(isOlderOwner(applicationName(long), { ...long, fence: long.fence + 1 }), true);
  t.equal(isOlderOwner(applicationName(long), long), false);
  t.equal(isOlderOwner(applicationName(long), { ...long, job_type: `${long.job_type}2`, fence: 1e9 }), false);
  t.equal(isOlderOwner('dayline:migrate', { ...long, fence: 1e9 }), false);
});
