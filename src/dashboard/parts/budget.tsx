/** The calls of the last window against what is allowed, and who makes them. */
import { Group, Progress, Stack, Text } from '@mantine/core';
import type { Limits } from '../api/types.ts';
import { useWords } from '../words/language.tsx';
import { overviewWords } from '../words/overview.ts';
import { Gauge } from './gauge.tsx';
import { TimeAgo } from './time.tsx';

type Pool = Limits['pools'][number];

export function Budget({ pool }: { pool: Pool }) {
  const t = useWords(overviewWords);
  const told = t.budgetUsed(pool.used, pool.limit, pool.window_seconds);
  return (
    <Stack gap={4}>
      <Gauge used={pool.used} limit={pool.limit} label={told} />
      <Text size="sm" ta="center">
        {t.budgetWindow(pool.window_seconds)}
      </Text>
      <Text size="xs" c="dimmed" ta="center" component="div">
        {t.budgetFree(pool.free)}
        {pool.free === 0 && pool.next_free_at && (
          <>
            {' · '}
            {t.budgetNext} <TimeAgo at={pool.next_free_at} ahead />
          </>
        )}
      </Text>
      <Spenders pool={pool} />
    </Stack>
  );
}

function Spenders({ pool }: { pool: Pool }) {
  const t = useWords(overviewWords);
  if (pool.spent_by.length === 0)
    return (
      <Text size="xs" c="dimmed" ta="center">
        {t.nobodySpends}
      </Text>
    );
  return (
    <Stack gap={4} mt="xs">
      <Text size="xs" c="dimmed">
        {t.spentBy}
      </Text>
      {pool.spent_by.map(({ process, used }) => (
        <Group key={process} gap="xs" wrap="nowrap">
          <Text size="xs" ff="monospace" truncate flex={1}>
            {process}
          </Text>
          <Progress value={(used / pool.limit) * 100} w={56} size="sm" aria-label={`${process}: ${used}`} />
          <Text size="xs" className="nums" w={32} ta="right">
            {used}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
