/** The body of PUT /scheduler/jobs/:job_id: what it may hold, and whether a schedule comes out that can be followed. */
import { type Static, Type } from 'typebox';
import { ApiError } from '../errors.ts';
import type { JobConfig, JobConfigEdit } from '../scheduler/job-configs.ts';
import {
  LONGEST_INTERVAL_MINUTES,
  momentsOf,
  SHANGHAI,
  type Timing,
  TimingFault,
} from '../scheduler/timing.ts';
import { PARAMS } from './task-body.ts';

export const JobEditSchema = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    cron_expression: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Five fields, or six with seconds first.' }),
    ),
    interval_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_INTERVAL_MINUTES })),
    timezone: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'IANA name.' })),
    job_name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    kwargs: Type.Optional(Type.Union([PARAMS, Type.Null()])),
  },
  { additionalProperties: false },
);
export type JobEditBody = Static<typeof JobEditSchema>;

/**
 * @param present the schedule as it is; null: none yet
 * @throws ApiError VALIDATION_FAILED when no schedule comes out of it that can be followed
 */
export function readEdit(body: JobEditBody, present: JobConfig | null): JobConfigEdit {
  const { enabled, job_name, kwargs } = body;
  const timing = timingOf(body, present);
  if (timing) assertFollowable(timing);
  return {
    ...(timing && { timing }),
    ...(enabled !== undefined && { enabled }),
    ...(job_name !== undefined && { job_name }),
    ...(kwargs !== undefined && { job_kwargs: kwargs }),
  };
}

/** undefined: the timing stays as it is. */
function timingOf(body: JobEditBody, present: JobConfig | null): Timing | undefined {
  const { cron_expression = null, interval_minutes = null, timezone } = body;
  if (cron_expression !== null && interval_minutes !== null)
    throw invalid('give cron_expression or interval_minutes, not both');
  const zone = timezone ?? present?.timezone ?? SHANGHAI;
  if (cron_expression !== null || interval_minutes !== null)
    return { cron_expression: cron_expression?.trim() ?? null, interval_minutes, timezone: zone };
  if (!present) throw invalid('it has no schedule yet: give cron_expression or interval_minutes');
  if (timezone === undefined) return undefined;
  const { cron_expression: cron, interval_minutes: minutes } = present;
  return { cron_expression: minutes === null ? cron : null, interval_minutes: minutes, timezone };
}

function assertFollowable(timing: Timing): void {
  try {
    momentsOf(timing, Date.now());
  } catch (error) {
    throw error instanceof TimingFault ? invalid(error.message) : error;
  }
}

const invalid = (why: string): ApiError =>
  new ApiError('VALIDATION_FAILED', `This schedule can't be: ${why}.`);
