import { Group, Text } from '@mantine/core';
import { coverageWords } from '../../words/coverage.ts';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';

const LEVELS = ['4', '3', '2', '1', 'partial', '0', 'failed', 'none'] as const;

/** What the colour of a month means: how much of it is complete. */
export function MonthLegend() {
  const { levels } = useWords(coverageWords);
  const { legend } = useWords(heatmapWords);
  return (
    <Group gap="md" mt="sm" role="group" aria-label={legend}>
      {LEVELS.map((level) => (
        <Group gap={6} key={level} wrap="nowrap">
          <span
            className={`month month-swatch ${level === 'none' ? 'month-none' : ''}`}
            data-level={level === 'none' ? undefined : level}
          />
          <Text size="xs">{levels[level]}</Text>
        </Group>
      ))}
    </Group>
  );
}
