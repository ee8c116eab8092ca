/** The tables of the scheduler (R64, R65): schedules, what became of each due moment, and the log of runs. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

const instant = () => p.datetime().columnType('timestamptz');
const uuid = () => p.uuid().primary().defaultRaw('gen_random_uuid()');

/** When a job runs. The contract's columns (contract-scheduler.md, D16), and `scheduled_at`. */
export const SchedulerJobConfig = defineEntity({
  name: 'SchedulerJobConfig',
  tableName: 'scheduler_job_config',
  properties: {
    id: uuid(),
    job_id: p.string().length(100).unique('scheduler_job_config_job_id_unique'),
    job_name: p.string().length(200),
    /** Five fields, or six with seconds first. Empty where interval_minutes says when. */
    cron_expression: p.string().length(100),
    /** The cron expression's, an IANA name. */
    timezone: p.string().length(50).default('Asia/Shanghai'),
    enabled: p.boolean().default(true),
    /** Parameters of the job; null: none. */
    job_kwargs: p.json<Record<string, unknown>>().columnType('jsonb').nullable(),
    /** Every so many minutes from scheduled_at on, instead of the cron expression (D16). */
    interval_minutes: p.integer().nullable(),
    /** Since when this schedule holds: nothing is due before it, and intervals count from it. */
    scheduled_at: instant().defaultRaw('now()'),
    created_at: instant().defaultRaw('now()'),
    updated_at: instant().defaultRaw('now()'),
    /** Start of the last run. */
    last_run_at: instant().nullable(),
  },
});

/** One moment at which a job was due, and what became of it. Once a row is there, it is never decided again. */
export const SchedulerFiring = defineEntity({
  name: 'SchedulerFiring',
  tableName: 'scheduler_firings',
  properties: {
    job_id: p.string().length(100).primary(),
    due_at: instant().primary(),
    state: p.string().length(20),
    source: p.string().length(10).default('schedule'),
    /** Of the schedule's: a uuid v5 of both (uuid5.ts), so that enqueueing it twice is harmless. */
    task_id: p.text().index('scheduler_firings_task_index'),
    /** Why it was missed or refused. */
    reason: p.text().nullable(),
    created_at: instant().defaultRaw('now()'),
    updated_at: instant().defaultRaw('now()'),
    /** Nothing more is to come: missed, refused, or its run has ended and stands in the log. */
    ended_at: instant().nullable(),
  },
  indexes: [
    {
      name: 'scheduler_firings_open_index',
      expression:
        'create index scheduler_firings_open_index on scheduler_firings (due_at) where ended_at is null',
    },
  ],
});

export const EXECUTION_STATUSES = ['RUNNING', 'SUCCESS', 'FAILED'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** One run of a job, from its start to its end, over retries and hand-overs. */
export const SchedulerExecutionLog = defineEntity({
  name: 'SchedulerExecutionLog',
  tableName: 'scheduler_execution_log',
  properties: {
    id: uuid(),
    job_id: p.string().length(100),
    started_at: instant(),
    finished_at: instant().nullable(),
    status: p.string().length(20),
    /** `Type: message`, or `interrupted: …`. */
    error_message: p.text().nullable(),
    duration_ms: p.integer().nullable(),
    /** The task of the queue that it was. */
    task_id: p.text().nullable().unique('scheduler_execution_log_task_id_unique'),
    /** What the run brought. */
    report: p.json<Record<string, unknown>>().columnType('jsonb').nullable(),
  },
  indexes: [
    {
      name: 'scheduler_execution_log_job_id_started_at_index',
      properties: ['job_id', 'started_at'],
    },
  ],
});

export type JobConfigRow = InferEntity<typeof SchedulerJobConfig>;

export const schedulerEntities = [SchedulerJobConfig, SchedulerFiring, SchedulerExecutionLog];
