import { Migration } from '@mikro-orm/migrations';

/** The audit: every terminal state of a task or execution, one row each, for as long as HISTORY_RETENTION_DAYS says. */
export class Migration20261121010000_history extends Migration {
  override up(): void {
    this.addSql(`create table task_history (
      task_id text not null,
      attempt int not null,
      status text not null,
      dataset text not null,
      mode text not null,
      job_type text not null,
      params json not null,
      priority smallint not null,
      sequence bigint not null,
      max_attempts int not null,
      losses int not null,
      timeout_seconds double precision not null,
      progress double precision not null,
      progress_message text null,
      records_processed bigint not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      started_at timestamptz null,
      completed_at timestamptz not null,
      deadline_at timestamptz null,
      stop_requested_at timestamptz null,
      last_error_type text null,
      error_message text null,
      error_detail text null,
      owner text null,
      fence bigint null,
      execution_id text null,
      key text null,
      retry_of text null,
      audited_at timestamptz not null default now(),
      primary key (task_id, attempt, status)
    )`);
    this.addSql('create index task_history_completed_index on task_history (completed_at)');
    this.addSql('create index task_history_status_index on task_history (status, completed_at)');
    this.addSql('create index task_history_dataset_index on task_history (dataset, completed_at)');
    this.addSql('create index task_history_job_type_index on task_history (job_type, completed_at)');
    this.addSql('create index task_history_execution_index on task_history (execution_id)');

    this.addSql(`create table execution_history (
      execution_id text not null,
      attempt int not null,
      status text not null,
      kind text not null,
      label text not null,
      sequence bigint not null,
      total int not null,
      completed int not null,
      failed int not null,
      cancelled int not null,
      created_at timestamptz not null,
      started_at timestamptz null,
      completed_at timestamptz not null,
      audited_at timestamptz not null default now(),
      primary key (execution_id, attempt, status)
    )`);
    this.addSql('create index execution_history_completed_index on execution_history (completed_at)');
  }

  override down(): void {
    for (const table of ['execution_history', 'task_history']) this.addSql(`drop table if exists ${table}`);
  }
}
