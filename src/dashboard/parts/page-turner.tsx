import { ActionIcon, Group, type GroupProps } from '@mantine/core';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { Icon } from './icons.tsx';

interface Turning extends GroupProps {
  limit: number;
  offset: number;
  hasNext: boolean;
  go: (offset: number) => void;
}

/** One page back, one page on; its children say where in the list one is. */
export function PageTurner({ limit, offset, hasNext, go, children, ...group }: Turning) {
  const t = useWords(commonWords);
  return (
    <Group justify="flex-end" gap="xs" {...group}>
      {children}
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
        disabled={!hasNext}
        onClick={() => go(offset + limit)}
      >
        <Icon name="right" size={16} />
      </ActionIcon>
    </Group>
  );
}
