/** What the page asks about schedules, and what it does to them. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { JobEditBody } from '../../api/schedule-edit.ts';
import type { Firing, ReportRow, ScheduledJobView } from '../../api/schedule-views.ts';
import { useAction } from './actions.ts';
import { api } from './ask.ts';
import { queryText } from './queries.ts';

export type { JobEditBody } from '../../api/schedule-edit.ts';
export type { Firing, ReportRow, ScheduledJobView } from '../../api/schedule-views.ts';

/** Runs begin and end without an event of the feed that names the schedule. In ms. */
const SCHEDULES_EVERY_MS = 5_000;
const RUNS_SHOWN = 20;
const MISSED_AT_ONCE = 10;

export const useSchedules = () =>
  useQuery({
    queryKey: ['schedules'],
    queryFn: async () => (await api.get<{ jobs: ScheduledJobView[] }>('/scheduler/jobs')).jobs,
    refetchInterval: SCHEDULES_EVERY_MS,
  });

/** The last 20 runs of a job, newest first. */
export const useRuns = (job_id: string) =>
  useQuery({
    queryKey: ['schedule-runs', job_id],
    queryFn: () => api.get<ReportRow[]>(`/scheduler/reports${queryText({ job_id, limit: RUNS_SHOWN })}`),
    refetchInterval: SCHEDULES_EVERY_MS,
  });

/** Moments at which nothing ran, the newest first. */
export const useMissed = () =>
  useInfiniteQuery({
    queryKey: ['schedule-missed'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api.get<{ firings: Firing[]; next_cursor: string | null }>(
        `/scheduler/firings${queryText({ state: 'missed', limit: MISSED_AT_ONCE, cursor: pageParam })}`,
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

const pathOf = (job_id: string) => `/scheduler/jobs/${encodeURIComponent(job_id)}`;

export const useScheduleEdit = () =>
  useAction(({ job_id, edit }: { job_id: string; edit: JobEditBody }) =>
    api.put<ScheduledJobView>(pathOf(job_id), edit),
  );

export const useJobTrigger = () =>
  useAction(({ job_id }: { job_id: string }) => api.post<'triggered'>(`${pathOf(job_id)}/trigger`));
