/** The system tables. Columns of sync_tasks as the contract names them (R94, R97). */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { schedulerEntities } from '../scheduler/entities.ts';
import { ActionLogEntry } from './action-entity.ts';

export const SYNC_TASK_STATUSES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'PAUSED'] as const;
export type SyncTaskStatus = (typeof SYNC_TASK_STATUSES)[number];

const instant = () => p.datetime().columnType('timestamptz');

/** One checkpointed sync: the frozen plan and how far it is. */
export const SyncTask = defineEntity({
  name: 'SyncTask',
  tableName: 'sync_tasks',
  properties: {
    id: p.uuid().primary(),
    job_type: p.string().length(50).index('sync_tasks_job_type_index'),
    status: p.string().length(20).index('sync_tasks_status_index'),
    /** The lowest unit of the plan that is not committed. */
    current_offset: p.integer().default(0),
    batch_size: p.integer().default(50),
    /** Rows stored. */
    total_processed: p.integer().default(0),
    started_at: instant().nullable(),
    updated_at: instant().defaultRaw('now()'),
    completed_at: instant().nullable(),
    /** { task_id, part, dataset, mode, params, units, reason, resumed_from }: task_id is the queue's. */
    config: p.json<Record<string, unknown>>().columnType('json'),
  },
  indexes: [
    {
      name: 'sync_tasks_queue_task_unique',
      expression: `create unique index sync_tasks_queue_task_unique on sync_tasks ((config->>'task_id'), (coalesce(config->>'part', '')))`,
    },
  ],
});

/** The ledger: what is known to be stored of each partition of a dataset. */
export const Coverage = defineEntity({
  name: 'Coverage',
  tableName: 'coverage',
  properties: {
    dataset: p.string().length(50).primary(),
    /** A trade date YYYYMMDD, a list status, a year. */
    partition: p.string().length(64).primary(),
    /** Rows that stocks listed that day let expect; null where nothing says. */
    expected_rows: p.integer().nullable(),
    fetched_rows: p.integer(),
    /** complete, partial, empty_confirmed, missing or failed: src/sync/coverage.ts has the rule. */
    state: p.string().length(20),
    /** Answers in a row that brought too few rows and nothing new; at three it is not asked for again by itself. */
    short_answers: p.integer().default(0),
    fetched_at: instant(),
    sync_task_id: p.uuid(),
    /** What the partition's name ends with, YYYYMMDD, YYYYMM or YYYY; null: it is no time. */
    time: p
      .text()
      .nullable()
      .generated(`("substring"((partition)::text, '(?:^|/)([0-9]{8}|[0-9]{6}|[0-9]{4})$'::text)) stored`),
  },
  indexes: [
    { name: 'coverage_sync_task_index', properties: ['sync_task_id'] },
    { name: 'coverage_time_index', properties: ['dataset', 'time'] },
  ],
});

/** What could not be fetched although the rest of its run was; one unresolved row per job type and code (R95). */
export const SyncFailureRecord = defineEntity({
  name: 'SyncFailureRecord',
  tableName: 'sync_failure_records',
  properties: {
    id: p.uuid().primary(),
    job_type: p.string().length(50).index('sync_failure_records_job_type_index'),
    /** The stock's code; for units of other kinds their first partition. */
    third_code: p.string().length(20).index('sync_failure_records_third_code_index'),
    error_message: p.string().length(500),
    /** Runs that tried it again in vain: 0 at first (D20). */
    retry_count: p.integer().default(0),
    max_retries: p.integer().default(3),
    last_attempt_at: instant().defaultRaw('now()'),
    resolved_at: instant().nullable().index('sync_failure_records_resolved_at_index'),
    error_type: p.string().length(50),
    /** The partitions that are still to be fetched: [{ dataset, partition }]. */
    units: p.json<{ dataset: string; partition: string }[]>().columnType('jsonb'),
  },
  indexes: [
    {
      name: 'sync_failure_records_unresolved_unique',
      expression:
        'create unique index sync_failure_records_unresolved_unique on sync_failure_records (job_type, third_code) where resolved_at is null',
    },
  ],
});

/** Rows as they were before TuShare restated them or took them back. */
export const RowRevision = defineEntity({
  name: 'RowRevision',
  tableName: 'row_revisions',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    dataset: p.string().length(50),
    /** changed or deleted. */
    change: p.string().length(10),
    key: p.json<Record<string, unknown>>().columnType('jsonb'),
    old_row: p.json<Record<string, unknown>>().columnType('jsonb'),
    replaced_at: instant().defaultRaw('now()'),
    sync_task_id: p.uuid(),
  },
  indexes: [
    { name: 'row_revisions_replaced_index', properties: ['dataset', 'replaced_at'] },
    { name: 'row_revisions_sync_task_index', properties: ['sync_task_id'] },
  ],
});

/** Stocks whose code TuShare replaced: the old one's rows stay under the old code. */
export const CodeChange = defineEntity({
  name: 'CodeChange',
  tableName: 'code_changes',
  properties: {
    old_code: p.string().length(20).primary(),
    new_code: p.string().length(20),
    list_date: p.date().nullable(),
    /** same_symbol, same_name, or same_list_date: what the two had in common, beside the first day of listing. */
    reason: p.string().length(20),
    noticed_at: instant().defaultRaw('now()'),
    sync_task_id: p.uuid(),
  },
});

/** The highest fence that has written for a job type; lower ones are refused. */
export const JobFence = defineEntity({
  name: 'JobFence',
  tableName: 'job_fences',
  properties: {
    job_type: p.string().length(100).primary(),
    fence: p.bigint('number'),
    task_id: p.string().length(100),
    raised_at: instant(),
  },
});

/** The tables that the catalogue made, so that a table of somebody else is never altered. */
export const DatasetTable = defineEntity({
  name: 'DatasetTable',
  tableName: 'dataset_tables',
  properties: {
    dataset: p.string().length(50).primary(),
    table_name: p.string().length(63).unique('dataset_tables_table_name_unique'),
    columns: p.json<Record<string, string>>().columnType('jsonb'),
    created_at: instant().defaultRaw('now()'),
    altered_at: instant().nullable(),
  },
});

/** All that the activity counts (activity.ts), held by the index: the table is not read for it. */
const COUNTED = 'include (created_at, started_at, status, attempt, records_processed)';

/** The audit: every terminal state of a task, copied from Redis; the fields are those of src/queue/task.ts. */
export const TaskHistory = defineEntity({
  name: 'TaskHistory',
  tableName: 'task_history',
  properties: {
    task_id: p.text().primary(),
    attempt: p.integer().primary(),
    status: p.text().primary(),
    dataset: p.text(),
    mode: p.text(),
    job_type: p.text(),
    /** Not jsonb: that refuses characters which a parameter may hold. */
    params: p.json<Record<string, unknown>>().columnType('json'),
    priority: p.smallint(),
    sequence: p.bigint('number'),
    max_attempts: p.integer(),
    losses: p.integer(),
    timeout_seconds: p.double(),
    progress: p.double(),
    progress_message: p.text().nullable(),
    records_processed: p.bigint('number'),
    created_at: instant(),
    updated_at: instant(),
    started_at: instant().nullable(),
    completed_at: instant(),
    deadline_at: instant().nullable(),
    stop_requested_at: instant().nullable(),
    last_error_type: p.text().nullable(),
    error_message: p.text().nullable(),
    error_detail: p.text().nullable(),
    owner: p.text().nullable(),
    fence: p.bigint('number').nullable(),
    execution_id: p.text().nullable(),
    key: p.text().nullable(),
    retry_of: p.text().nullable(),
    audited_at: instant().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'task_history_completed_index',
      expression: `create index task_history_completed_index on task_history (completed_at) ${COUNTED}`,
    },
    { name: 'task_history_status_index', properties: ['status', 'completed_at'] },
    { name: 'task_history_dataset_index', properties: ['dataset', 'completed_at'] },
    {
      name: 'task_history_job_type_index',
      expression: `create index task_history_job_type_index on task_history (job_type, completed_at) ${COUNTED}`,
    },
    { name: 'task_history_execution_index', properties: ['execution_id'] },
  ],
});

/** The audit of executions: every time that one ended, with the counts it ended with. */
export const ExecutionHistory = defineEntity({
  name: 'ExecutionHistory',
  tableName: 'execution_history',
  properties: {
    execution_id: p.text().primary(),
    /** Which of its ends: retried, an execution ends again. */
    attempt: p.integer().primary(),
    status: p.text().primary(),
    kind: p.text(),
    label: p.text(),
    sequence: p.bigint('number'),
    total: p.integer(),
    completed: p.integer(),
    failed: p.integer(),
    cancelled: p.integer(),
    created_at: instant(),
    started_at: instant().nullable(),
    completed_at: instant(),
    audited_at: instant().defaultRaw('now()'),
  },
  indexes: [{ name: 'execution_history_completed_index', properties: ['completed_at'] }],
});

export type SyncTaskRow = InferEntity<typeof SyncTask>;
export type CoverageRow = InferEntity<typeof Coverage>;

export const entities = [
  SyncTask,
  Coverage,
  SyncFailureRecord,
  RowRevision,
  CodeChange,
  JobFence,
  DatasetTable,
  TaskHistory,
  ExecutionHistory,
  ActionLogEntry,
  ...schedulerEntities,
];
