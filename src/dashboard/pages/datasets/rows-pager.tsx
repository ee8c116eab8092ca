/** On from one page of rows to the next: how many there are in all Postgres only guesses. */
import { ActionIcon, Group, Text } from '@mantine/core';
import type { RowsAnswer } from '../../api/data.ts';
import { Icon } from '../../parts/icons.tsx';
import { commonWords } from '../../words/common.ts';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';

/** The API takes no larger offset (src/api/rows.ts). */
const LARGEST_OFFSET = 10_000;

export function RowsPager({ answer, go }: { answer: RowsAnswer; go: (offset: number) => void }) {
  const t = useWords(dataWords);
  const common = useWords(commonWords);
  const { rows, limit, offset, has_more, estimated_total } = answer;
  return (
    <Group justify="flex-end" gap="xs" mt="xs">
      <Text size="xs" c="dimmed" className="nums">
        {t.rowRange(offset + 1, offset + rows.length, estimated_total)}
      </Text>
      <ActionIcon
        variant="default"
        aria-label={common.previousPage}
        disabled={offset === 0}
        onClick={() => go(Math.max(0, offset - limit))}
      >
        <Icon name="left" size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={common.nextPage}
        disabled={!has_more || offset + limit > LARGEST_OFFSET}
        onClick={() => go(offset + limit)}
      >
        <Icon name="right" size={16} />
      </ActionIcon>
    </Group>
  );
}
