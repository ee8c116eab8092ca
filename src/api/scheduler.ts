/**
 * /scheduler: the contract of the old system (R74–R77, R117), and beside it what a page about schedules needs. All of
 * it writes rows of Postgres or tasks of the queue; whoever leads reads the rows every second, so that what is
 * persisted is applied, and nothing else is.
 */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { LeaderSign } from '../scheduler/leader-sign.ts';
import { type JobRegistry, jobOf } from '../scheduler/registry.ts';
import { LONGEST_INTERVAL_MINUTES, SHANGHAI, type Timing } from '../scheduler/timing.ts';
import { ok, okSchema } from './envelope.ts';
import { jobStates, onSchedules } from './schedule-access.ts';
import { JobEditSchema, readEdit } from './schedule-edit.ts';
import {
  ExecutionRowSchema,
  executionRow,
  JobSchema,
  jobView,
  ReportRowSchema,
  reportRow,
  StatusSchema,
  statusView,
} from './schedule-views.ts';
import type { ApiDeps } from './server.ts';
import { PARAMS } from './task-body.ts';
import { triggerJob } from './trigger-job.ts';

const JobId = Type.Object({ job_id: Type.String({ minLength: 1, maxLength: 100 }) });
const Interval = Type.Object(
  { interval_minutes: Type.Integer({ minimum: 1, maximum: LONGEST_INTERVAL_MINUTES }) },
  { additionalProperties: false },
);
const TimeOfDay = Type.Object(
  {
    hour: Type.Integer({ minimum: 0, maximum: 23 }),
    minute: Type.Integer({ minimum: 0, maximum: 59 }),
  },
  { additionalProperties: false },
);
const Kwargs = Type.Union([PARAMS, Type.Null()]);
const LogQuery = Type.Object(
  {
    job_id: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  },
  { additionalProperties: false },
);

export function schedulerRoutes(deps: ApiDeps, registry: JobRegistry): FastifyPluginAsyncTypebox {
  const { config, history, redis } = deps;
  const states = () =>
    onSchedules(history, (tables) => jobStates(tables, registry, config.SCHEDULE_SILENT_DAYS));
  const schedule = (job_id: string, timing: Timing) => {
    const { job_name } = jobOf(registry, job_id);
    return onSchedules(history, ({ configs }) => configs.upsert(job_id, job_name, { timing, enabled: true }));
  };
  const recent = ({ job_id, limit = 20 }: { job_id?: string; limit?: number }) =>
    onSchedules(history, ({ log }) => (job_id ? log.getRecentByJobId(job_id, limit) : log.getRecent(limit)));
  const leads = async () =>
    redis !== null &&
    (await new LeaderSign(redis, config.REDIS_KEY_PREFIX).leader().catch(() => null)) !== null;

  return async (api) => {
    api.get('/scheduler/status', { schema: { response: { 200: okSchema(StatusSchema) } } }, async () => {
      const [known, running] = await Promise.all([states(), leads()]);
      return ok('SCHEDULER_STATUS', '获取状态成功', statusView(known, running));
    });

    api.post(
      '/scheduler/jobs/:job_id/start',
      { schema: { params: JobId, body: Interval, response: { 200: okSchema(Type.Literal('started')) } } },
      async ({ params: { job_id }, body: { interval_minutes } }) => {
        await schedule(job_id, { cron_expression: null, interval_minutes, timezone: SHANGHAI });
        const message = `已启动任务 '${job_id}'，每 ${interval_minutes} 分钟执行一次`;
        return ok('JOB_STARTED', message, 'started' as const);
      },
    );

    api.post(
      '/scheduler/jobs/:job_id/schedule',
      { schema: { params: JobId, body: TimeOfDay, response: { 200: okSchema(Type.Literal('scheduled')) } } },
      async ({ params: { job_id }, body: { hour, minute } }) => {
        const cron_expression = `${minute} ${hour} * * *`;
        await schedule(job_id, { cron_expression, interval_minutes: null, timezone: SHANGHAI });
        const message = `已调度任务 '${job_id}'，每天 ${twoDigits(hour)}:${twoDigits(minute)} 执行`;
        return ok('JOB_SCHEDULED', message, 'scheduled' as const);
      },
    );

    api.post(
      '/scheduler/jobs/:job_id/trigger',
      { schema: { params: JobId, body: Kwargs, response: { 200: okSchema(Type.Literal('triggered')) } } },
      async ({ params: { job_id }, body, log }, reply) => {
        const task_id = await triggerJob(deps, jobOf(registry, job_id), body ?? {}, log);
        reply.header('x-task-id', task_id);
        return ok('JOB_TRIGGERED', `已触发任务 '${job_id}'`, 'triggered' as const);
      },
    );

    api.post(
      '/scheduler/jobs/:job_id/stop',
      { schema: { params: JobId, response: { 200: okSchema(Type.Literal('stopped')) } } },
      async ({ params: { job_id } }) => {
        jobOf(registry, job_id);
        const ran = await onSchedules(history, ({ configs }) => configs.disable(job_id));
        const message = ran ? `已停止任务 '${job_id}'` : `任务 '${job_id}' 未运行`;
        return ok('JOB_STOPPED', message, 'stopped' as const);
      },
    );

    api.get(
      '/scheduler/executions',
      {
        schema: { querystring: LogQuery, response: { 200: okSchema(Type.Array(ExecutionRowSchema)) } },
      },
      async ({ query }) => {
        const rows = (await recent(query)).map(executionRow);
        return ok('EXECUTIONS_RETRIEVED', `查询到 ${rows.length} 条执行记录`, rows);
      },
    );

    api.get(
      '/scheduler/reports',
      { schema: { querystring: LogQuery, response: { 200: okSchema(Type.Array(ReportRowSchema)) } } },
      async ({ query }) => {
        const rows = (await recent(query)).map(reportRow);
        return ok('REPORTS_RETRIEVED', `查询到 ${rows.length} 条执行记录`, rows);
      },
    );

    api.get(
      '/scheduler/jobs',
      { schema: { response: { 200: okSchema(Type.Object({ jobs: Type.Array(JobSchema) })) } } },
      async () => {
        const jobs = (await states()).map((state) => jobView(state));
        return ok('JOBS_RETRIEVED', `${jobs.length} jobs.`, { jobs });
      },
    );

    api.put(
      '/scheduler/jobs/:job_id',
      { schema: { params: JobId, body: JobEditSchema, response: { 200: okSchema(JobSchema) } } },
      async ({ params: { job_id }, body }) => {
        const job = jobOf(registry, job_id);
        const present = await onSchedules(history, ({ configs }) => configs.getByJobId(job_id));
        const edit = readEdit(body, present);
        if (edit.job_kwargs) await job.check(edit.job_kwargs);
        await onSchedules(history, ({ configs }) => configs.upsert(job_id, job.job_name, edit));
        const edited = (await states()).find((state) => state.job_id === job_id);
        if (!edited) throw new ApiError('NOT_FOUND', `There is no job ${job_id}.`);
        return ok('JOB_UPDATED', `The schedule of ${job_id} is changed.`, jobView(edited));
      },
    );
  };
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
