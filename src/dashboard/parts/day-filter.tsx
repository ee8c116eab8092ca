/** The first and the last day of what is shown, both in Shanghai. */
import { Group, Text, TextInput } from '@mantine/core';
import { useWords } from '../words/language.tsx';
import { listWords } from '../words/lists.ts';
import type { Values } from './url-state.ts';

/** @param what what happened on these days */
export function DayFilter({
  what,
  from,
  to,
  change,
}: {
  what: string;
  from: string | undefined;
  to: string | undefined;
  change: (change: Values) => void;
}) {
  const t = useWords(listWords);
  const props = { type: 'date', size: 'xs', w: 134 } as const;
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" c="dimmed" className="line">
        {what}
      </Text>
      <TextInput
        {...props}
        aria-label={t.firstDay(what)}
        title={t.firstDay(what)}
        value={from ?? ''}
        max={to}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <Text size="xs" c="dimmed">
        –
      </Text>
      <TextInput
        {...props}
        aria-label={t.lastDay(what)}
        title={t.lastDay(what)}
        value={to ?? ''}
        min={from}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
    </Group>
  );
}
