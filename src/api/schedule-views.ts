/** What the answers of /scheduler look like. Those of the contract have its fields and no others. */
import { type Static, Type } from 'typebox';
import type { Execution } from '../scheduler/execution-log.ts';
import { FIRING_SOURCES, FIRING_STATES } from '../scheduler/firing-states.ts';
import { nextMoments } from '../scheduler/timing.ts';
import type { JobState } from './schedule-access.ts';
import { shanghaiIso, shanghaiIsoOrNull } from './shanghai-time.ts';

const NEXT_RUNS = 5;

const moment = Type.String({ format: 'date-time' });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);
const KWARGS = Type.Record(Type.String(), Type.Unknown());

/** GET /scheduler/status. */
export const StatusSchema = Type.Object({
  is_running: Type.Boolean({ description: 'A supervisor leads, and fires the schedules.' }),
  jobs: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      next_run_time: orNull(moment),
      trigger: Type.String(),
      kwargs: KWARGS,
    }),
  ),
  available_jobs: Type.Array(Type.String()),
});

/** GET /scheduler/executions. */
export const ExecutionRowSchema = Type.Object({
  job_id: Type.String(),
  started_at: moment,
  finished_at: orNull(moment),
  status: Type.String({ description: 'RUNNING, SUCCESS or FAILED' }),
  error_message: orNull(Type.String()),
  duration_ms: orNull(Type.Integer()),
});

/** GET /scheduler/reports: the same runs, with what they brought. */
export const ReportRowSchema = Type.Object({
  ...ExecutionRowSchema.properties,
  task_id: orNull(Type.String()),
  report: orNull(KWARGS),
});
export type ReportRow = Static<typeof ReportRowSchema>;

/** GET /scheduler/firings. */
export const FiringSchema = Type.Object({
  job_id: Type.String(),
  due_at: moment,
  state: Type.Enum([...FIRING_STATES], {
    description: 'missed: nothing ran when it was due, and it was not made up for.',
  }),
  source: Type.Enum([...FIRING_SOURCES]),
  task_id: Type.String({ description: 'Of a missed one: the id that its task would have had.' }),
  reason: orNull(Type.String({ description: 'Why it was missed or refused.' })),
  ended_at: orNull(moment),
});
export type Firing = Static<typeof FiringSchema>;

/** GET and PUT /scheduler/jobs. */
export const JobSchema = Type.Object({
  job_id: Type.String(),
  job_name: Type.String(),
  scheduled: Type.Boolean({ description: 'It has a schedule, enabled or not.' }),
  enabled: Type.Boolean(),
  cron_expression: orNull(Type.String()),
  interval_minutes: orNull(Type.Integer()),
  timezone: Type.String(),
  trigger: orNull(Type.String()),
  kwargs: KWARGS,
  next_runs: Type.Array(moment, { description: 'The next five, while it is enabled.' }),
  fault: orNull(Type.String({ description: 'Why its schedule can not be followed.' })),
  last_run_at: orNull(moment),
  days_since_success: orNull(Type.Number({ description: 'null: it never had one, or is not enabled.' })),
  silent: Type.Boolean({ description: 'No success for SCHEDULE_SILENT_DAYS, though it was due.' }),
  last_execution: orNull(ReportRowSchema),
});
export type ScheduledJobView = Static<typeof JobSchema>;

/** Enabled jobs whose schedule can be followed. */
export function statusView(states: readonly JobState[], leads: boolean, now = Date.now()) {
  const live = states.filter(({ config, moments }) => config?.enabled && moments);
  return {
    is_running: leads,
    jobs: live.map(({ job_id, job_name, config, moments }) => ({
      id: job_id,
      name: job_name,
      next_run_time: shanghaiIsoOrNull(moments?.after(now) ?? null),
      trigger: moments?.trigger ?? '',
      kwargs: config?.job_kwargs ?? {},
    })),
    available_jobs: states.map(({ job_id }) => job_id),
  };
}

export function executionRow(run: Execution) {
  const { job_id, status, error_message, duration_ms } = run;
  const started_at = shanghaiIso(run.started_at);
  const finished_at = shanghaiIsoOrNull(run.finished_at);
  return { job_id, started_at, finished_at, status, error_message, duration_ms };
}

export function reportRow(run: Execution): ReportRow {
  return { ...executionRow(run), task_id: run.task_id, report: run.report };
}

export function jobView(state: JobState, now = Date.now()): ScheduledJobView {
  const { job_id, job_name, config, moments, fault, silence, last_execution } = state;
  const enabled = config?.enabled ?? false;
  return {
    job_id,
    job_name,
    scheduled: config !== null,
    enabled,
    cron_expression: config?.interval_minutes === null ? config.cron_expression : null,
    interval_minutes: config?.interval_minutes ?? null,
    timezone: config?.timezone ?? 'Asia/Shanghai',
    trigger: moments?.trigger ?? null,
    kwargs: config?.job_kwargs ?? {},
    next_runs: enabled && moments ? nextMoments(moments, now, NEXT_RUNS).map(shanghaiIso) : [],
    fault,
    last_run_at: shanghaiIsoOrNull(config?.last_run_at ?? null),
    days_since_success: silence?.days_since_success ?? null,
    silent: silence?.silent ?? false,
    last_execution: last_execution && reportRow(last_execution),
  };
}
