/** What the page does to tasks and executions, and what is out of date afterwards. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { BulkAnswer } from '../../api/bulk-tasks.ts';
import { api, type Told } from './ask.ts';
import type { SearchFilter } from './found.ts';
import type { ExecutionView, Submission, SubmittedTask, TaskView } from './types.ts';

export type TaskAction = 'cancel' | 'stop' | 'retry';
export type ExecutionAction = 'stop' | 'retry';

/** Everything shown is asked again after an action, whether it went well or not. */
export function useAction<Input, Output>(act: (input: Input) => Promise<Told<Output>>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries() });
}

export const useTaskAction = () =>
  useAction(({ id, action }: { id: string; action: TaskAction }) =>
    api.post<TaskView>(`/tasks/${encodeURIComponent(id)}/${action}`),
  );

export const useExecutionAction = () =>
  useAction(({ id, action }: { id: string; action: ExecutionAction }) =>
    api.post<ExecutionView>(`/executions/${encodeURIComponent(id)}/${action}`),
  );

export const useSubmit = () =>
  useAction((submission: Submission) => api.post<SubmittedTask>('/tasks', submission));

export const useReopen = () =>
  useAction((scope: string) => api.post<{ scope: string }>(`/limits/${encodeURIComponent(scope)}/reopen`));

/** Whether a supervisor takes new tasks. */
export const useDrain = () =>
  useAction(({ id, action }: { id: string; action: 'drain' | 'resume' }) =>
    api.post<{ draining: boolean }>(`/supervisors/${encodeURIComponent(id)}/${action}`),
  );

/** The task that runs again, with what differs from the old one. */
export const useRetryEdited = () =>
  useAction(({ id, edits }: { id: string; edits: object }) =>
    api.post<TaskView>(`/tasks/${encodeURIComponent(id)}/retry`, edits),
  );

export type BulkAction = 'cancel' | 'stop' | 'retry';
export interface BulkBody extends SearchFilter {
  action: BulkAction;
}

export const useBulk = () => useAction((body: BulkBody) => api.post<BulkAnswer>('/tasks/bulk', body));
