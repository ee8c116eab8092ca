/** How many tasks are where; a number leads to its tasks where the list can be filtered so: it can't by what is delayed. */
import { Card, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useHealth, useTasks } from '../../api/queries.ts';
import { duration } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';

export function CountsStrip() {
  const t = useWords(overviewWords);
  const { data: health } = useHealth();
  const one = { limit: 1, offset: 0 };
  const pending = useTasks({ status: 'pending', ...one }).data?.total;
  const failed = useTasks({ status: 'failed', ...one }).data?.total;
  const completed = useTasks({ status: 'completed', ...one }).data?.total;
  const queue = health?.queue;
  const oldest = queue?.oldest_pending_age_seconds;
  const threads = health?.supervisors.threads;
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 5 }} spacing="sm" mt="md">
      <Tile to="/tasks?status=running" name={t.running} value={queue?.running}>
        {threads != null && (threads > 0 ? t.ofThreads(threads) : t.noThreads)}
      </Tile>
      <Tile to="/tasks?status=pending" name={t.waiting} value={pending}>
        {oldest != null && t.waitingHint(duration(oldest * 1000))}
      </Tile>
      <Tile name={t.retrying} value={queue?.delayed}>
        {t.retryingHint}
      </Tile>
      <Tile to="/tasks?status=failed" name={t.failed} value={failed} color={failed ? 'red' : undefined}>
        {t.failedHint}
      </Tile>
      <Tile to="/tasks?status=completed" name={t.completed} value={completed}>
        {t.completedHint}
      </Tile>
    </SimpleGrid>
  );
}

interface TileProps {
  to?: string;
  name: string;
  value: number | undefined;
  color?: string | undefined;
  children: ReactNode;
}

function Tile({ to, name, value, color, children }: TileProps) {
  const inside = (
    <>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fz={28} fw={600} lh={1.2} className="nums" c={color}>
        {value?.toLocaleString() ?? '–'}
      </Text>
      <Text size="xs" c="dimmed" mih={18}>
        {children}
      </Text>
    </>
  );
  return to ? (
    <Card withBorder padding="sm" component={Link} href={to} className="tile">
      {inside}
    </Card>
  ) : (
    <Card withBorder padding="sm">
      {inside}
    </Card>
  );
}
