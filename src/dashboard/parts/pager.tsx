import { Text } from '@mantine/core';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { PageTurner } from './page-turner.tsx';

/** Which part of a list is shown, and the way to its neighbours. */
export function Pager({
  total,
  limit,
  offset,
  go,
}: {
  total: number;
  limit: number;
  offset: number;
  go: (offset: number) => void;
}) {
  const t = useWords(commonWords);
  if (total <= limit && offset === 0) return null;
  return (
    <PageTurner limit={limit} offset={offset} hasNext={offset + limit < total} go={go} mt="sm">
      <Text size="sm" c="dimmed" className="nums">
        {t.range(Math.min(offset + 1, total), Math.min(offset + limit, total), total)}
      </Text>
    </PageTurner>
  );
}
