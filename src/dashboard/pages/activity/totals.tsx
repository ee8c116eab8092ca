/** The figures of the whole span; a count leads to its tasks. */
import { Card, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ActivityAnswer, ActivityFigures } from '../../api/activity.ts';
import { briefly } from '../../parts/time.tsx';
import { activityWords } from '../../words/activity.ts';
import { commonWords } from '../../words/common.ts';
import { useWords } from '../../words/language.tsx';
import { OUTCOMES } from './chart-options.ts';
import { endedPath } from './ended-path.ts';

export function Totals({ activity, jobType }: { activity: ActivityAnswer; jobType?: string | undefined }) {
  const t = useWords(activityWords);
  const { status } = useWords(commonWords);
  const { totals, from, to } = activity;
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, lg: 6 }} spacing="sm" mb="md">
      {OUTCOMES.map((outcome) => (
        <Tile
          key={outcome}
          name={status[outcome]}
          value={totals[outcome].toLocaleString()}
          color={outcome === 'failed' && totals.failed > 0 ? 'red' : undefined}
          to={totals[outcome] > 0 ? endedPath({ status: outcome, job_type: jobType, from, to }) : undefined}
        />
      ))}
      <Tile name={t.rows} value={totals.rows.toLocaleString()} />
      <Times name={t.waited} of={totals.wait_seconds} />
      <Times name={t.ran} of={totals.run_seconds} />
    </SimpleGrid>
  );
}

function Times({ name, of }: { name: string; of: ActivityFigures['wait_seconds'] }) {
  return (
    <Tile name={`${name} (p95)`} value={of ? briefly(of.p95) : '–'}>
      {of && `p50 ${briefly(of.p50)}`}
    </Tile>
  );
}

interface TileProps {
  name: string;
  value: string;
  color?: string | undefined;
  to?: string | undefined;
  children?: ReactNode;
}

function Tile({ name, value, color, to, children }: TileProps) {
  const inside = (
    <>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fz={24} fw={600} lh={1.25} className="nums" c={color}>
        {value}
      </Text>
      {children && (
        <Text size="xs" c="dimmed">
          {children}
        </Text>
      )}
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
