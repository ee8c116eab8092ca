/** How long a task or execution that runs will still take, at its pace so far. */
import { Text } from '@mantine/core';
import { useWords } from '../words/language.tsx';
import { timeLeftWords } from '../words/time-left.ts';
import { roughly } from './roughly.ts';
import { useNow } from './time.tsx';

/** Nothing where nothing can be said. @param leftAt ms that are left at a moment (ms since the epoch) */
export function TimeLeft({ leftAt }: { leftAt: (now: number) => number | null }) {
  const t = useWords(timeLeftWords);
  const left = leftAt(useNow());
  if (left === null) return null;
  const { unit, count, minutes } = roughly(left);
  return (
    <Text size="xs" c="dimmed" className="nums line">
      {t.left(t[unit](count, minutes))}
    </Text>
  );
}
