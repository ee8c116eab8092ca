import { ActionIcon, Group, Text } from '@mantine/core';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { Icon } from './icons.tsx';

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
    <Group justify="flex-end" gap="xs" mt="sm">
      <Text size="sm" c="dimmed" className="nums">
        {t.range(Math.min(offset + 1, total), Math.min(offset + limit, total), total)}
      </Text>
      <ActionIcon
        variant="default"
        aria-label={t.previousPage}
        disabled={offset === 0}
        onClick={() => go(Math.max(0, offset - limit))}
      >
        <Icon name="left" size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={t.nextPage}
        disabled={offset + limit >= total}
        onClick={() => go(offset + limit)}
      >
        <Icon name="right" size={16} />
      </ActionIcon>
    </Group>
  );
}
