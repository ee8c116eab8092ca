/** What the page asks about the log of actions. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ActionView } from '../../api/actions.ts';
import { api } from './ask.ts';
import { queryText } from './queries.ts';

const AT_ONCE = 15;
/** What others do comes without an event. In ms. */
const EVERY_MS = 10_000;

export const useActionLog = (filter: { actor?: string | undefined; target?: string | undefined }) =>
  useInfiniteQuery({
    queryKey: ['actions', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api.get<{ actions: ActionView[]; next_cursor: string | null; waiting: number | null }>(
        `/actions${queryText({ ...filter, limit: AT_ONCE, cursor: pageParam })}`,
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
