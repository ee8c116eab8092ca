import { Group, Text, useComputedColorScheme } from '@mantine/core';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';
import { PALETTES, STATES } from './states.ts';

/** What the colours mean. */
export function Legend() {
  const t = useWords(heatmapWords);
  const palette = PALETTES[useComputedColorScheme()];
  return (
    <Group gap="md" role="group" aria-label={t.legend}>
      {STATES.map((state) => (
        <Group gap={6} key={state} wrap="nowrap">
          <span className="heat-swatch" style={{ background: palette[state] }} />
          <Text size="xs">{t.states[state]}</Text>
        </Group>
      ))}
      <Group gap={6} wrap="nowrap">
        <span className="heat-swatch heat-swatch-none" />
        <Text size="xs">{t.legendNone}</Text>
      </Group>
    </Group>
  );
}
