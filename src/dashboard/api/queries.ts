/** What the page asks, each under the key by which the live feed finds it again (live/live.tsx). */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { BulkCount } from '../../api/bulk-tasks.ts';
import type { BulkBody } from './actions.ts';
import { api, getHealth } from './ask.ts';
import type {
  CoverageAnswer,
  DatasetDetail,
  Datasets,
  ExecutionDetail,
  ExecutionPage,
  Health,
  Limits,
  Plan,
  SingleTask,
  Supervisors,
  TaskPage,
  TaskRuns,
} from './types.ts';

/** Numbers that change without an event: calls leave the window, heartbeats age. In ms. */
const GAUGE_EVERY_MS = 2_000;
const HEALTH_EVERY_MS = 5_000;

/** `?a=1&b=2` of those that are set. */
export function queryText(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}` : '';
}

export interface TaskFilter {
  status?: string | undefined;
  limit: number;
  offset: number;
}

export const useTasks = (filter: TaskFilter) =>
  useQuery({
    queryKey: ['tasks', filter],
    queryFn: () => api.get<TaskPage>(`/tasks${queryText({ ...filter })}`),
    placeholderData: keepPreviousData,
  });

export const useTask = (id: string) =>
  useQuery({
    queryKey: ['task', id],
    queryFn: () => api.get<SingleTask>(`/tasks/${encodeURIComponent(id)}`),
    refetchInterval: HEALTH_EVERY_MS, // why it waits changes with others
  });

/** How many tasks an action would be done to. */
export const useBulkCount = (filter: BulkBody) =>
  useQuery({
    queryKey: ['bulk-count', filter],
    queryFn: () => api.get<BulkCount>(`/tasks/bulk${queryText({ ...filter })}`),
    gcTime: 0,
  });

export const useTaskRuns = (id: string) =>
  useQuery({
    queryKey: ['task', id, 'runs'],
    queryFn: () => api.get<TaskRuns>(`/tasks/${encodeURIComponent(id)}/runs`),
  });

export const useExecutions = (filter: { status?: string | undefined; limit: number; offset: number }) =>
  useQuery({
    queryKey: ['executions', filter],
    queryFn: () => api.get<ExecutionPage>(`/executions${queryText({ ...filter })}`),
    placeholderData: keepPreviousData,
  });

export const useExecution = (id: string, page: { limit: number; offset: number }) =>
  useQuery({
    queryKey: ['execution', id, page],
    queryFn: () => api.get<ExecutionDetail>(`/executions/${encodeURIComponent(id)}${queryText({ ...page })}`),
    placeholderData: keepPreviousData,
  });

export const useSupervisors = () =>
  useQuery({
    queryKey: ['supervisors'],
    queryFn: () => api.get<Supervisors>('/supervisors'),
    refetchInterval: GAUGE_EVERY_MS,
  });

export const useLimits = () =>
  useQuery({
    queryKey: ['limits'],
    queryFn: () => api.get<Limits>('/limits'),
    refetchInterval: GAUGE_EVERY_MS,
  });

export const useHealth = () =>
  useQuery({ queryKey: ['health'], queryFn: () => getHealth<Health>(), refetchInterval: HEALTH_EVERY_MS });

export const useDatasets = () =>
  useQuery({
    queryKey: ['datasets'],
    queryFn: () => api.get<Datasets>('/datasets'),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useDataset = (name: string) =>
  useQuery({
    queryKey: ['dataset', name],
    queryFn: () => api.get<DatasetDetail>(`/datasets/${encodeURIComponent(name)}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Months only: of the single partitions none. */
export const useCoverage = (name: string) =>
  useQuery({
    queryKey: ['coverage', name],
    queryFn: () => api.get<CoverageAnswer>(`/datasets/${encodeURIComponent(name)}/coverage?limit=1`),
  });

/** What a submission would cost. Nothing is changed by asking, though the API takes it as a POST. */
export const usePlan = (name: string, body: { mode: string; params: Record<string, unknown> }) =>
  useQuery({
    queryKey: ['plan', name, body],
    queryFn: async () => (await api.post<Plan>(`/datasets/${encodeURIComponent(name)}/plan`, body)).data,
  });
