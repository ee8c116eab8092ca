/** The beginning of an id leads to the task or the execution. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from './ask.ts';
import { queryText } from './queries.ts';
import type { TaskStatus } from './types.ts';

/** Fewer letters find too much; the API refuses them. */
export const SEARCHED_FROM = 3;

export interface FoundById {
  kind: 'task' | 'execution';
  id: string;
  label: string;
  status: TaskStatus;
  created_at: string;
}

/** Asks nothing until there are enough letters. */
export const useSearch = (id: string) =>
  useQuery({
    queryKey: ['search', id],
    queryFn: () => api.get<{ found: FoundById[]; history: boolean }>(`/search${queryText({ id })}`),
    enabled: id.length >= SEARCHED_FROM,
    placeholderData: keepPreviousData,
  });
