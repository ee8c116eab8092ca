/** On from one page of rows to the next: how many there are in all Postgres only guesses. */
import { Text } from '@mantine/core';
import type { RowsAnswer } from '../../api/data.ts';
import { PageTurner } from '../../parts/page-turner.tsx';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';

/** The API takes no larger offset (src/api/rows.ts). */
const LARGEST_OFFSET = 10_000;

export function RowsPager({ answer, go }: { answer: RowsAnswer; go: (offset: number) => void }) {
  const t = useWords(dataWords);
  const { rows, limit, offset, has_more, estimated_total } = answer;
  return (
    <PageTurner
      limit={limit}
      offset={offset}
      hasNext={has_more && offset + limit <= LARGEST_OFFSET}
      go={go}
      mt="xs"
    >
      <Text size="xs" c="dimmed" className="nums">
        {t.rowRange(offset + 1, offset + rows.length, estimated_total)}
      </Text>
    </PageTurner>
  );
}
