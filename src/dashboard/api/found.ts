/** Tasks and executions that are searched, in the queue or in the history: page after page, the newest first. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type FoundPage, searchBack } from '../../search-back.ts';
import { api } from './ask.ts';
import { queryText } from './queries.ts';
import type { ExecutionView, TaskView } from './types.ts';

const PAGE = 25;
/** Answers that are read by themselves for a page; each has looked through 1,000 at most. */
const ANSWERS_AT_MOST = 5;
/** What has ended comes into the history without an event of its own. In ms. */
const HISTORY_EVERY_MS = 30_000;

/** What is still in the queue, 7 days after its end at most; or all that has ended. */
export type Place = 'queue' | 'history';

export interface SearchFilter {
  status?: string | undefined;
  job_type?: string | undefined;
  dataset?: string | undefined;
  kind?: string | undefined;
  /** Moments, ISO 8601: of the submission, in the history of the end. */
  from?: string | undefined;
  to?: string | undefined;
}

/** @param start next_cursor of what was read before; undefined: from the newest */
export const useFoundTasks = (place: Place, filter: SearchFilter, start?: string) =>
  useFound<TaskView>(place, 'tasks', filter, start);

export const useFoundExecutions = (place: Place, filter: SearchFilter, start?: string) =>
  useFound<ExecutionView>(place, 'executions', filter, start);

function useFound<Entry>(place: Place, name: 'tasks' | 'executions', filter: SearchFilter, start?: string) {
  const past = place === 'history';
  return useInfiniteQuery({
    // the live feed asks again for what begins with the name
    queryKey: past ? ['history', name, filter, start] : [name, 'found', filter, start],
    initialPageParam: start,
    queryFn: ({ pageParam: from }) =>
      searchBack<Entry>(
        (limit, cursor) => ask(past ? `/history/${name}` : `/${name}`, name, { ...filter, limit, cursor }),
        { wanted: PAGE, answers_at_most: ANSWERS_AT_MOST, from },
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
    ...(past && { refetchInterval: HISTORY_EVERY_MS }),
  });
}

async function ask<Entry>(
  path: string,
  name: string,
  query: Record<string, string | number | undefined>,
): Promise<FoundPage<Entry>> {
  type Answer = Record<string, Entry[]> & { next_cursor: string | null; looked_at?: number };
  const answer = await api.get<Answer>(`${path}${queryText(query)}`);
  const entries = answer[name] ?? [];
  // the history finds what it looks at
  return { entries, next_cursor: answer.next_cursor, looked_at: answer.looked_at ?? entries.length };
}
