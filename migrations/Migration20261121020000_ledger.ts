import { Migration } from '@mikro-orm/migrations';

/** What failed, what was restated, which codes changed; and how often a partition came short. */
export class Migration20261121020000_ledger extends Migration {
  override up(): void {
    this.addSql(`create table sync_failure_records (
      id uuid primary key,
      job_type varchar(50) not null,
      third_code varchar(20) not null,
      error_message varchar(500) not null,
      retry_count int not null default 0,
      max_retries int not null default 3,
      last_attempt_at timestamptz not null default now(),
      resolved_at timestamptz null,
      error_type varchar(50) not null,
      units jsonb not null
    )`);
    for (const column of ['job_type', 'third_code', 'resolved_at'])
      this.addSql(`create index sync_failure_records_${column}_index on sync_failure_records (${column})`);
    this.addSql(`create unique index sync_failure_records_unresolved_unique
      on sync_failure_records (job_type, third_code) where resolved_at is null`);

    this.addSql('alter table coverage add column short_answers int not null default 0');
    this.addSql(`update coverage set state = 'missing', short_answers = 1 where state = 'empty'`);

    // A task of several parts has one row for each.
    this.addSql('drop index sync_tasks_queue_task_unique');
    this.addSql(`create unique index sync_tasks_queue_task_unique
      on sync_tasks ((config->>'task_id'), (coalesce(config->>'part', '')))`);

    this.addSql(`create table row_revisions (
      id bigserial primary key,
      dataset varchar(50) not null,
      change varchar(10) not null,
      key jsonb not null,
      old_row jsonb not null,
      replaced_at timestamptz not null default now(),
      sync_task_id uuid not null
    )`);
    this.addSql('create index row_revisions_replaced_index on row_revisions (dataset, replaced_at)');
    this.addSql('create index row_revisions_sync_task_index on row_revisions (sync_task_id)');

    this.addSql(`create table code_changes (
      old_code varchar(20) primary key,
      new_code varchar(20) not null,
      list_date date null,
      reason varchar(20) not null,
      noticed_at timestamptz not null default now(),
      sync_task_id uuid not null
    )`);
  }

  override down(): void {
    for (const table of ['code_changes', 'row_revisions', 'sync_failure_records'])
      this.addSql(`drop table if exists ${table}`);
    this.addSql('alter table coverage drop column short_answers');
    this.addSql('drop index sync_tasks_queue_task_unique');
    this.addSql(`create unique index sync_tasks_queue_task_unique on sync_tasks ((config->>'task_id'))`);
  }
}
