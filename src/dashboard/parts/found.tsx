/** What a search has found so far, how far it has come, and the way further back. */
import { Text } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { FoundPage } from '../../search-back.ts';
import type { Place, SearchFilter } from '../api/found.ts';
import { useWords } from '../words/language.tsx';
import { listWords } from '../words/lists.ts';
import { taskWords } from '../words/tasks.ts';
import { More } from './more.tsx';
import { Empty, Loaded } from './states.tsx';

export function Found<Entry>({
  place,
  filter,
  query,
  none,
  children,
}: {
  place: Place;
  filter: SearchFilter;
  query: UseInfiniteQueryResult<InfiniteData<FoundPage<Entry>>>;
  /** Says that nothing was found, back to the oldest. */
  none: string;
  children: (entries: Entry[]) => ReactNode;
}) {
  const t = useWords(listWords);
  const { noneMatch } = useWords(taskWords);
  const asked = place === 'queue' || Object.values(filter).some(Boolean);
  return (
    <Loaded query={query} lines={8}>
      {({ pages }) => {
        const entries = pages.flatMap((page) => page.entries);
        const lookedAt = pages.reduce((sum, page) => sum + page.looked_at, 0);
        return (
          <>
            {entries.length > 0 && children(entries)}
            {entries.length === 0 && !query.hasNextPage && (
              <Empty title={asked ? none : t.noneEnded}>{asked ? noneMatch : t.noneEndedHint}</Empty>
            )}
            {place === 'queue' && (
              <Text size="sm" c="dimmed" ta="center" mt="sm" className="nums" role="status">
                {t.lookedThrough(entries.length, lookedAt, query.hasNextPage)}
              </Text>
            )}
            <More query={query} label={place === 'queue' ? t.searchBack : t.older} />
          </>
        );
      }}
    </Loaded>
  );
}
