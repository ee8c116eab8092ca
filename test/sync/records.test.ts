/** sync_tasks and sync_failure_records: their columns, and what is written into them when (R88, R90, R93–R100, R106). */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { SYNC_TASK_STATUSES } from '../../src/store/entities.ts';
import { openStore } from '../../src/store/store.ts';
import {
  type Failure,
  recordFailure,
  resolveFailures,
  unresolvedFailures,
} from '../../src/store/sync-failures.ts';
import type { SyncJob } from '../../src/sync/job.ts';
import { beat, beginSync, endSync, syncJobType } from '../../src/sync/sync-task.ts';
import { moveCheckpoint } from '../../src/sync/write-batch.ts';
import { bench, tableDataset, taskOf } from './support.ts';

const here = await bench(t);
const store = openStore(here.config, { applicationName: 'test' });
t.teardown(() => store.close());

const job: SyncJob = {
  datasets: new Map([['daily', tableDataset('daily')]]),
  batch_size: 7,
  plan: async () => [{ dataset: 'daily', partitions: ['20190108'], expected: [null] }],
};
let fence = 0;
const begin = (task_id: string, mode: 'history' | 'incremental' = 'history') => {
  const task = taskOf({ task_id, mode, fence: ++fence });
  return beginSync(store, task, job, { staleMinutes: 10 }).then((run) => ({ task, ...run }));
};
const row = async (id: string) => (await here.rows(`SELECT * FROM sync_tasks WHERE id = '${id}'`))[0] ?? {};
/** Ms since its updated_at. */
const age = async (id: string) => Date.now() - ((await row(id)).updated_at as Date).getTime();

/** Columns of a table with their types and defaults, as Postgres tells them. */
const columns = async (table: string) => {
  const found = await here.rows(
    `SELECT column_name AS name, concat_ws(' ', data_type, character_maximum_length, CASE is_nullable WHEN 'YES' THEN 'null' END,
       CASE WHEN column_default ~ '^\\d+$' THEN column_default END) AS is
     FROM information_schema.columns WHERE table_name = '${table}'`,
  );
  return Object.fromEntries(found.map(({ name, is }) => [name, is]));
};

t.test('the two tables have the columns of the contract (R94, R95, R97–R99)', async (t) => {
  t.match(await columns('sync_tasks'), {
    id: 'uuid',
    job_type: 'character varying 50',
    status: 'character varying 20',
    current_offset: 'integer 0',
    batch_size: 'integer 50',
    total_processed: 'integer 0',
    started_at: 'timestamp with time zone null',
    updated_at: 'timestamp with time zone',
    completed_at: 'timestamp with time zone null',
    config: 'json',
  });
  t.match(await columns('sync_failure_records'), {
    id: 'uuid',
    job_type: 'character varying 50',
    third_code: 'character varying 20',
    error_message: 'character varying 500',
    retry_count: 'integer 0',
    max_retries: 'integer 3',
    last_attempt_at: 'timestamp with time zone',
    resolved_at: 'timestamp with time zone null',
  });
  const indexed = await here.rows(
    `SELECT indexdef FROM pg_indexes WHERE tablename IN ('sync_tasks', 'sync_failure_records')`,
  );
  const definitions = indexed.map(({ indexdef }) => String(indexdef)).join('\n');
  for (const column of ['job_type', 'status']) t.match(definitions, `sync_tasks USING btree (${column})`);
  for (const column of ['job_type', 'third_code', 'resolved_at'])
    t.match(definitions, `sync_failure_records USING btree (${column})`);
});

t.test('the four job types and the five states of the seeds (R93)', async (t) => {
  t.same(['daily.history', 'finance.history', 'daily.incremental', 'finance.incremental'].map(syncJobType), [
    'DAILY_HISTORY',
    'FINANCE_HISTORY',
    'DAILY_INCREMENTAL',
    'FINANCE_INCREMENTAL',
  ]);
  t.equal(syncJobType('weekly.history'), 'weekly.history');
  t.same([...SYNC_TASK_STATUSES], ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'PAUSED']);
});

t.test(
  'a row from its beginning to its end; updated_at reaches the database at each change (R90)',
  async (t) => {
    await here.clear();
    const run = await begin('task-1');
    t.match(await row(run.id), {
      job_type: 'DAILY_HISTORY',
      status: 'RUNNING',
      current_offset: 0,
      batch_size: 7,
      total_processed: 0,
      started_at: Date,
      completed_at: null,
      config: { task_id: 'task-1', mode: 'history', units: [{ partitions: ['20190108'] }] },
    });
    const steps: [string, () => Promise<unknown>, object][] = [
      [
        'progress',
        () => store.transaction((client) => moveCheckpoint(client, run.id, 1, 30)),
        { current_offset: 1, total_processed: 30 },
      ],
      ['heartbeat', () => beat(store, run.id), { status: 'RUNNING' }],
      [
        'pause',
        () => endSync(store, run.task, run.id, 'PAUSED', 'going down'),
        { status: 'PAUSED', config: { reason: 'going down' } },
      ],
      [
        'resume',
        () => begin('task-1').then((again) => Object.assign(run.task, again.task)),
        { status: 'RUNNING', current_offset: 1 },
      ],
      [
        'fail',
        () => endSync(store, run.task, run.id, 'FAILED', 'broken'),
        { status: 'FAILED', completed_at: null },
      ],
      [
        'complete',
        () => endSync(store, run.task, run.id, 'COMPLETED', null),
        { status: 'COMPLETED', completed_at: Date },
      ],
    ];
    for (const [step, take, expected] of steps) {
      await here.db.query(`UPDATE sync_tasks SET updated_at = now() - interval '1 hour'`);
      await take();
      t.match(await row(run.id), expected, step);
      t.ok((await age(run.id)) < 60_000, `${step} writes updated_at`);
    }
    t.equal((await here.rows('SELECT 1 FROM sync_tasks')).length, 1);
    await here.db.query(`UPDATE sync_tasks SET updated_at = now() - interval '1 hour'`);
    await beat(store, run.id);
    t.ok((await age(run.id)) > 60_000, 'one that has ended has no heartbeat');
  },
);

t.test('of two histories that begin at the same moment one runs, whatever the order', async (t) => {
  for (let round = 0; round < 5; round++) {
    await here.clear();
    const ended = await Promise.allSettled([begin('task-1'), begin('task-2'), begin('task-3')]);
    const running = await here.rows(
      `SELECT config->>'task_id' AS task FROM sync_tasks WHERE status = 'RUNNING'`,
    );
    t.equal(running.length, 1, `round ${round}: ${ended.map(({ status }) => status).join()}`);
  }
});

const failure = (third_code: string, more: Partial<Failure> = {}): Failure => ({
  job_type: 'FINANCE_INCREMENTAL',
  third_code,
  error_type: 'tushare_bad_answer',
  error_message: 'nonsense',
  max_retries: 2,
  units: [{ dataset: 'income', partition: `1/${third_code}/period_20260630` }],
  ...more,
});

t.test(
  'failures are created, counted, listed by job type while they may be retried, and resolved (R96, R100)',
  async (t) => {
    await here.clear();
    const open = async (...types: string[]) =>
      (await unresolvedFailures(here.db, ...types)).map(
        ({ third_code, retry_count }) => `${third_code} ${retry_count}`,
      );
    await recordFailure(here.db, failure('600000.SH', { error_message: `long\0 ${'x'.repeat(600)}` }));
    await recordFailure(here.db, failure('600001.SH'));
    await recordFailure(here.db, failure('600000.SH', { job_type: 'DAILY_INCREMENTAL' }));
    t.same(await open('FINANCE_INCREMENTAL'), ['600000.SH 0', '600001.SH 0']);
    t.same(await open('DAILY_INCREMENTAL'), ['600000.SH 0']);
    t.same(await open('FINANCE_HISTORY'), []);
    t.match(
      await here.rows(
        `SELECT length(error_message) AS length FROM sync_failure_records WHERE job_type LIKE 'FIN%' AND third_code = '600000.SH'`,
      ),
      [{ length: 500 }],
    );
    await recordFailure(here.db, failure('600000.SH'));
    t.same(await open('FINANCE_INCREMENTAL'), ['600001.SH 0', '600000.SH 1'], 'the longest waiting first');
    await recordFailure(here.db, failure('600000.SH'));
    t.same(await open('FINANCE_INCREMENTAL'), ['600001.SH 0'], 'at max_retries it is not retried');
    t.equal(
      (await here.rows(`SELECT 1 FROM sync_failure_records WHERE resolved_at IS NULL`)).length,
      3,
      'and kept',
    );
    await resolveFailures(here.db, 'cashflow', ['1/600001.SH/period_20260630']);
    t.same(await open('FINANCE_INCREMENTAL'), ['600001.SH 0'], 'another dataset is something else');
    await resolveFailures(here.db, 'income', ['1/600001.SH/period_20260630']);
    t.same(await open('FINANCE_INCREMENTAL'), []);
    t.match(await here.rows(`SELECT resolved_at FROM sync_failure_records WHERE third_code = '600001.SH'`), [
      { resolved_at: Date },
    ]);
    await recordFailure(here.db, failure('600001.SH'));
    t.same(
      await open('FINANCE_INCREMENTAL'),
      ['600001.SH 0'],
      'one that was resolved and fails again is a new record',
    );
  },
);

t.test('the settings of the sync, by default and from the environment (R88, R91)', async (t) => {
  const DEFAULTS = {
    SYNC_DAILY_HISTORY_BATCH_SIZE: 50,
    SYNC_FINANCE_HISTORY_BATCH_SIZE: 100,
    SYNC_FINANCE_HISTORY_START_DATE: '20200101',
    SYNC_INCREMENTAL_MISSING_LIMIT: 300,
    SYNC_FAILURE_MAX_RETRIES: 3,
    SYNC_TASK_STALE_TIMEOUT_MINUTES: 10,
  };
  t.match(loadConfig({}), DEFAULTS);
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const other = typeof value === 'number' ? value + 1 : '20100101';
    t.match(loadConfig({ [name]: String(other) }), { [name]: other });
  }
  for (const name of ['SYNC_FINANCE_HISTORY_START_DATE', 'SYNC_INCREMENTAL_MISSING_LIMIT'])
    t.throws(() => loadConfig({ [name]: 'many' }), { message: new RegExp(name) });
});
