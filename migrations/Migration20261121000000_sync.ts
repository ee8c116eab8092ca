import { Migration } from '@mikro-orm/migrations';

/** Checkpoints, the coverage ledger, fences, and the list of tables made from the catalogue. */
export class Migration20261121000000_sync extends Migration {
  override up(): void {
    this.addSql(`create table sync_tasks (
      id uuid primary key,
      job_type varchar(50) not null,
      status varchar(20) not null,
      current_offset int not null default 0,
      batch_size int not null default 50,
      total_processed int not null default 0,
      started_at timestamptz null,
      updated_at timestamptz not null default now(),
      completed_at timestamptz null,
      config json not null
    )`);
    this.addSql('create index sync_tasks_job_type_index on sync_tasks (job_type)');
    this.addSql('create index sync_tasks_status_index on sync_tasks (status)');
    this.addSql(`create unique index sync_tasks_queue_task_unique on sync_tasks ((config->>'task_id'))`);

    this.addSql(`create table coverage (
      dataset varchar(50) not null,
      partition varchar(64) not null,
      expected_rows int null,
      fetched_rows int not null,
      state varchar(20) not null,
      fetched_at timestamptz not null,
      sync_task_id uuid not null,
      primary key (dataset, partition)
    )`);
    this.addSql('create index coverage_sync_task_index on coverage (sync_task_id)');

    this.addSql(`create table job_fences (
      job_type varchar(100) primary key,
      fence bigint not null,
      task_id varchar(100) not null,
      raised_at timestamptz not null
    )`);

    this.addSql(`create table dataset_tables (
      dataset varchar(50) primary key,
      table_name varchar(63) not null,
      columns jsonb not null,
      created_at timestamptz not null default now(),
      altered_at timestamptz null,
      constraint dataset_tables_table_name_unique unique (table_name)
    )`);
  }

  override down(): void {
    for (const table of ['dataset_tables', 'job_fences', 'coverage', 'sync_tasks'])
      this.addSql(`drop table if exists ${table}`);
  }
}
