/** What has ended over time, and the tasks behind a number of it. From the history: without an event of its own. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ActivityAnswer } from '../../api/activity.ts';
import type { ActivityRuns as RunsAnswer } from '../../api/activity-runs.ts';
import { api } from './ask.ts';
import { queryText } from './queries.ts';
import type { TaskView } from './types.ts';

export type { ActivityAnswer } from '../../api/activity.ts';
export type { ActivityRuns as RunsAnswer } from '../../api/activity-runs.ts';
export type ActivityFigures = ActivityAnswer['totals'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SECOND_MS = 1_000;

/** Spans that can be looked at, each with how often it is asked again: the longer, the more it costs Postgres. */
export const RANGES = {
  '15m': { ms: 15 * MINUTE_MS, everyMs: 10 * SECOND_MS },
  '1h': { ms: HOUR_MS, everyMs: 10 * SECOND_MS },
  '24h': { ms: DAY_MS, everyMs: 30 * SECOND_MS },
  '7d': { ms: 7 * DAY_MS, everyMs: MINUTE_MS },
  '30d': { ms: 30 * DAY_MS, everyMs: 5 * MINUTE_MS },
  '90d': { ms: 90 * DAY_MS, everyMs: 5 * MINUTE_MS },
} as const;
export type Range = keyof typeof RANGES;

/** @param job_type only of this type */
export const useActivity = (range: Range, job_type?: string) =>
  useQuery({
    queryKey: ['activity', range, job_type],
    queryFn: () => {
      const from = new Date(Date.now() - RANGES[range].ms).toISOString();
      return api.get<ActivityAnswer>(`/activity${queryText({ from, job_type })}`);
    },
    placeholderData: keepPreviousData,
    refetchInterval: RANGES[range].everyMs,
  });

/** When the tasks that ended lately ran. @param ms how far back */
export const useRuns = (ms: number) =>
  useQuery({
    queryKey: ['activity-runs', ms],
    queryFn: () => {
      const to = Date.now();
      const [from, until] = [new Date(to - ms).toISOString(), new Date(to).toISOString()];
      return api.get<RunsAnswer>(`/activity/runs${queryText({ from, to: until })}`);
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10 * SECOND_MS,
  });

export interface EndedFilter {
  status?: string | undefined;
  job_type?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

interface EndedPage {
  tasks: TaskView[];
  next_cursor: string | null;
}

const ENDED_PAGE = 50;

/** Tasks that ended, the last first. */
export const useEndedTasks = (filter: EndedFilter) =>
  useInfiniteQuery({
    queryKey: ['ended', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      api.get<EndedPage>(`/history/tasks${queryText({ ...filter, cursor, limit: ENDED_PAGE })}`),
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
  });
