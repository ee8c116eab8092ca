/** The tables of the contract, column by column, and the four schedules that are there from the beginning. */
import t from 'tap';
import { SchedulerExecutionLog, SchedulerFiring, SchedulerJobConfig } from '../../src/scheduler/entities.ts';
import { openOrm } from '../../src/store/orm.ts';
import { freshSchedules, migrateSystem } from './support/schedules.ts';

/** Of contract-scheduler.md: name, type, null or not, default; then what is beyond it. */
const CONTRACT: Record<string, [column: string, type: string, nullable: boolean, fallback: string | null][]> =
  {
    scheduler_job_config: [
      ['id', 'uuid', false, 'gen_random_uuid()'],
      ['job_id', 'varchar(100)', false, null],
      ['job_name', 'varchar(200)', false, null],
      ['cron_expression', 'varchar(100)', false, null],
      ['timezone', 'varchar(50)', false, 'Asia/Shanghai'],
      ['enabled', 'boolean', false, 'true'],
      ['job_kwargs', 'jsonb', true, null],
      ['created_at', 'timestamptz', false, 'now()'],
      ['updated_at', 'timestamptz', false, 'now()'],
      ['last_run_at', 'timestamptz', true, null],
      ['interval_minutes', 'int', true, null],
      ['scheduled_at', 'timestamptz', false, 'now()'],
    ],
    scheduler_execution_log: [
      ['id', 'uuid', false, 'gen_random_uuid()'],
      ['job_id', 'varchar(100)', false, null],
      ['started_at', 'timestamptz', false, null],
      ['finished_at', 'timestamptz', true, null],
      ['status', 'varchar(20)', false, null],
      ['error_message', 'text', true, null],
      ['duration_ms', 'int', true, null],
      ['task_id', 'text', true, null],
      ['report', 'jsonb', true, null],
    ],
    scheduler_firings: [
      ['job_id', 'varchar(100)', false, null],
      ['due_at', 'timestamptz', false, null],
      ['state', 'varchar(20)', false, null],
      ['source', 'varchar(10)', false, 'schedule'],
      ['task_id', 'text', false, null],
      ['reason', 'text', true, null],
      ['created_at', 'timestamptz', false, 'now()'],
      ['updated_at', 'timestamptz', false, 'now()'],
      ['ended_at', 'timestamptz', true, null],
    ],
  };

const REAL = `
  SELECT column_name, coalesce(
      CASE udt_name WHEN 'varchar' THEN 'varchar(' || character_maximum_length || ')' END,
      CASE udt_name WHEN 'int4' THEN 'int' WHEN 'bool' THEN 'boolean' END, udt_name) AS type,
    is_nullable = 'YES' AS nullable, regexp_replace(column_default, '^''(.*)''::.*$', '\\1') AS fallback
  FROM information_schema.columns WHERE table_name = $1`;

t.test('entity, table and contract agree, column by column (R60, R61, R64, R65)', async (t) => {
  const { store } = await freshSchedules(t);
  for (const entity of [SchedulerJobConfig, SchedulerExecutionLog, SchedulerFiring]) {
    const { tableName, properties } = entity.meta;
    const { rows } = await store.pool.query({ text: REAL, values: [tableName], rowMode: 'array' });
    const byName = (list: unknown[][]) => list.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    t.strictSame(byName(rows), byName(CONTRACT[tableName] ?? []), tableName);
    t.strictSame(
      Object.keys(properties).sort(),
      rows.map(([name]) => name).sort(),
      `${tableName}: the entity has the same columns`,
    );
  }
  const { rows } = await store.pool.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE tablename IN ('scheduler_execution_log', 'scheduler_job_config')`,
  );
  const indexes = rows.map(({ indexdef }) => indexdef);
  t.ok(indexes.some((text) => /\(job_id, started_at\)/.test(text)));
  t.ok(indexes.some((text) => /UNIQUE .*scheduler_job_config .*\(job_id\)/.test(text)));
});

t.test('MikroORM reads and writes the schedules through its entities', async (t) => {
  const { config, configs } = await freshSchedules(t);
  const orm = await openOrm(config);
  t.teardown(() => orm.close());
  t.equal((await orm.schema.getUpdateSchemaSQL()).trim(), '');
  const em = orm.em.fork();
  const daily = await em.findOneOrFail(SchedulerJobConfig, { job_id: 'sync_daily_by_date' });
  daily.job_kwargs = { codes: ['000001.SZ'] };
  await em.flush();
  t.strictSame((await configs.getByJobId('sync_daily_by_date'))?.job_kwargs, { codes: ['000001.SZ'] });
});

t.test('four schedules from the beginning; what a user made of them stays (R62)', async (t) => {
  const { config, configs, store } = await freshSchedules(t);
  const seeded = await configs.getAllEnabled();
  t.strictSame(
    seeded.map(({ job_id, job_name, cron_expression, timezone }) => [
      job_id,
      job_name,
      cron_expression,
      timezone,
    ]),
    [
      ['sync_concept_data', '概念数据同步', '30 18 * * *', 'Asia/Shanghai'],
      ['sync_daily_by_date', '日线增量同步', '0 18 * * *', 'Asia/Shanghai'],
      ['sync_incremental_finance', '财务增量同步', '0 0 * * *', 'Asia/Shanghai'],
      ['sync_stock_basic', '股票基础信息同步', '0 19 * * *', 'Asia/Shanghai'],
    ],
  );
  await configs.disable('sync_concept_data');
  await configs.upsert('sync_daily_by_date', '', {
    timing: { cron_expression: '5 17 * * *', interval_minutes: null, timezone: 'UTC' },
    job_name: 'mine',
  });
  const edited = await configs.getAll();
  await migrateSystem(config);
  t.strictSame(await configs.getAll(), edited, 'a second run has nothing to do');
  await store.pool.query(`DELETE FROM dayline_migrations WHERE name ~ 'scheduler'`);
  await migrateSystem(config);
  t.strictSame(await configs.getAll(), edited, 'and run over itself it changes nothing');
});
