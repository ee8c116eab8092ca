/** Tasks of one type, or further back than pages can be turned: searched, the newest first. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api } from './ask.ts';
import { queryText } from './queries.ts';
import type { FoundTasks } from './types.ts';

const PAGE = 25;
/** Answers that are read by themselves for a page; each has looked through 1,000 tasks at most. */
const ANSWERS_AT_MOST = 5;

interface Filter {
  status?: string | undefined;
  job_type?: string | undefined;
}

/** @param from next_cursor of what was read before; undefined: from the newest */
export const useFoundTasks = (filter: Filter, from: string | undefined) =>
  useInfiniteQuery({
    queryKey: ['tasks', 'found', filter, from],
    initialPageParam: from,
    queryFn: ({ pageParam }) => searchBack(filter, pageParam),
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
  });

/** Reads on until a page is full, nothing is left, or so many answers were read. */
async function searchBack(filter: Filter, from: string | undefined): Promise<FoundTasks> {
  const found: FoundTasks = { tasks: [], looked_at: 0, next_cursor: from ?? null };
  for (let answers = 0; answers < ANSWERS_AT_MOST && found.tasks.length < PAGE; answers += 1) {
    const query = { ...filter, limit: PAGE - found.tasks.length, cursor: found.next_cursor ?? undefined };
    const page = await api.get<FoundTasks>(`/tasks${queryText(query)}`);
    found.tasks.push(...page.tasks);
    found.looked_at += page.looked_at;
    found.next_cursor = page.next_cursor;
    if (page.next_cursor === null) break;
  }
  return found;
}
