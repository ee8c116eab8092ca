/** What the dialog about a schedule holds, and the edit that comes out of it: only what was changed. */
import type { JobEditBody, ScheduledJobView } from '../../api/schedules.ts';
import { jobName } from '../../words/job-names.ts';
import type { Language } from '../../words/languages.ts';

export type TimingKind = 'daily' | 'cron' | 'interval';

export interface ScheduleForm {
  name: string;
  kind: TimingKind;
  /** HH:MM, for kind daily. */
  time: string;
  cron: string;
  minutes: number | '';
  timezone: string;
  /** JSON of the parameters; empty: none. */
  kwargs: string;
}

const DAILY = /^([0-5]?\d) ([01]?\d|2[0-3]) \* \* \*$/;
const DEFAULT_TIME = '18:00';
const DEFAULT_CRON = '0 18 * * *';
const DEFAULT_MINUTES = 60;
const two = (text: string) => text.padStart(2, '0');

export function formOf(job: ScheduledJobView, language: Language): ScheduleForm {
  const cron = job.cron_expression ?? DEFAULT_CRON;
  const [, minute, hour] = DAILY.exec(cron) ?? [];
  const daily = minute !== undefined && hour !== undefined;
  return {
    name: jobName(language, job.job_name),
    kind: job.interval_minutes !== null ? 'interval' : daily ? 'daily' : 'cron',
    time: daily ? `${two(hour)}:${two(minute)}` : DEFAULT_TIME,
    cron,
    minutes: job.interval_minutes ?? DEFAULT_MINUTES,
    timezone: job.timezone,
    kwargs: Object.keys(job.kwargs).length === 0 ? '' : JSON.stringify(job.kwargs, null, 2),
  };
}

/** The parameters of the form; undefined when they are no JSON object. */
export function readKwargs(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** What PUT /scheduler/jobs/:job_id is to change; `{}` when nothing is. A job without a schedule gets one. */
export function editOf(form: ScheduleForm, job: ScheduledJobView, language: Language): JobEditBody {
  const kwargs = readKwargs(form.kwargs);
  return {
    ...timingEdit(form, job),
    ...(form.name.trim() !== jobName(language, job.job_name) && { job_name: form.name.trim() }),
    ...(kwargs && JSON.stringify(kwargs) !== JSON.stringify(job.kwargs) && { kwargs: orNone(kwargs) }),
  };
}

const orNone = (kwargs: Record<string, unknown>) => (Object.keys(kwargs).length === 0 ? null : kwargs);

function timingEdit(form: ScheduleForm, job: ScheduledJobView): JobEditBody {
  const zone = form.timezone === job.timezone ? {} : { timezone: form.timezone };
  if (form.kind === 'interval') {
    const same = form.minutes === job.interval_minutes;
    return { ...(!same && form.minutes !== '' && { interval_minutes: form.minutes }), ...zone };
  }
  const cron_expression = form.kind === 'cron' ? form.cron.trim() : dailyAt(form.time);
  return { ...(cron_expression !== job.cron_expression && { cron_expression }), ...zone };
}

/** An empty time gives an expression that the API refuses, with its reason. */
function dailyAt(time: string): string {
  const [hour, minute] = time.split(':');
  return `${Number(minute)} ${Number(hour)} * * *`;
}
