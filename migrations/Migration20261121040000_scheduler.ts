import { Migration } from '@mikro-orm/migrations';

/**
 * Schedules, what became of each moment at which one was due, and the log of their runs. It can be run again over
 * itself: what a user has changed in a schedule stays (R62).
 */
export class Migration20261121040000_scheduler extends Migration {
  override up(): void {
    this.addSql(`create table if not exists scheduler_job_config (
      id uuid primary key default gen_random_uuid(),
      job_id varchar(100) not null,
      job_name varchar(200) not null,
      cron_expression varchar(100) not null,
      timezone varchar(50) not null default 'Asia/Shanghai',
      enabled boolean not null default true,
      job_kwargs jsonb null,
      interval_minutes int null,
      scheduled_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      last_run_at timestamptz null,
      constraint scheduler_job_config_job_id_unique unique (job_id)
    )`);
    this.addSql(`insert into scheduler_job_config (job_id, job_name, cron_expression) values
      ('sync_daily_by_date', '日线增量同步', '0 18 * * *'),
      ('sync_incremental_finance', '财务增量同步', '0 0 * * *'),
      ('sync_concept_data', '概念数据同步', '30 18 * * *'),
      ('sync_stock_basic', '股票基础信息同步', '0 19 * * *')
      on conflict (job_id) do nothing`);

    this.addSql(`create table if not exists scheduler_firings (
      job_id varchar(100) not null,
      due_at timestamptz not null,
      state varchar(20) not null,
      source varchar(10) not null default 'schedule',
      task_id text not null,
      reason text null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      ended_at timestamptz null,
      primary key (job_id, due_at)
    )`);
    this.addSql(`create index if not exists scheduler_firings_open_index
      on scheduler_firings (due_at) where ended_at is null`);
    this.addSql('create index if not exists scheduler_firings_task_index on scheduler_firings (task_id)');

    this.addSql(`create table if not exists scheduler_execution_log (
      id uuid primary key default gen_random_uuid(),
      job_id varchar(100) not null,
      started_at timestamptz not null,
      finished_at timestamptz null,
      status varchar(20) not null,
      error_message text null,
      duration_ms int null,
      task_id text null,
      report jsonb null,
      constraint scheduler_execution_log_task_id_unique unique (task_id)
    )`);
    this.addSql(`create index if not exists scheduler_execution_log_job_id_started_at_index
      on scheduler_execution_log (job_id, started_at)`);
  }

  override down(): void {
    for (const table of ['scheduler_execution_log', 'scheduler_firings', 'scheduler_job_config'])
      this.addSql(`drop table if exists ${table}`);
  }
}
