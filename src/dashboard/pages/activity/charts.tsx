/** What ended, how long it waited and ran, over time. A bar leads to its tasks. */
import { Card, Group, SimpleGrid, Skeleton, Stack, Text, Title, useComputedColorScheme } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useLocation } from 'wouter';
import type { ActivityAnswer } from '../../api/activity.ts';
import { STATUS_INKS } from '../../parts/chart-colors.ts';
import { activityWords } from '../../words/activity.ts';
import { commonWords } from '../../words/common.ts';
import { useWords } from '../../words/language.tsx';
import { endedOption, latencyOption, OUTCOMES, PERCENTILE_INKS } from './chart-options.ts';
import { endedPath } from './ended-path.ts';

const Chart = lazy(() => import('../../parts/time-chart.tsx'));
const ENDED_HEIGHT = 220;
const LATENCY_HEIGHT = 180;

export function ActivityCharts({
  activity,
  jobType,
}: {
  activity: ActivityAnswer;
  jobType?: string | undefined;
}) {
  const t = useWords(activityWords);
  const { status } = useWords(commonWords);
  const dark = useComputedColorScheme() === 'dark';
  const [, go] = useLocation();
  const { buckets, bucket, to } = activity;
  const pick = (series: number, at: number) => {
    const from = buckets[at]?.from;
    if (from)
      go(endedPath({ status: OUTCOMES[series], job_type: jobType, from, to: buckets[at + 1]?.from ?? to }));
  };
  return (
    <Stack>
      <ChartCard title={t.perBucket[bucket]} of={OUTCOMES.map((one) => [STATUS_INKS[one], status[one]])}>
        <Suspense fallback={<Skeleton height={ENDED_HEIGHT} />}>
          <Chart
            option={endedOption(activity, dark, status)}
            height={ENDED_HEIGHT}
            label={t.endedHint}
            onPick={pick}
          />
        </Suspense>
      </ChartCard>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Latency activity={activity} of="wait_seconds" title={t.waited} hint={t.waitedHint} />
        <Latency activity={activity} of="run_seconds" title={t.ran} hint={t.ranHint} />
      </SimpleGrid>
    </Stack>
  );
}

interface LatencyProps {
  activity: ActivityAnswer;
  of: 'wait_seconds' | 'run_seconds';
  title: string;
  hint: string;
}

function Latency({ activity, of, title, hint }: LatencyProps) {
  const t = useWords(activityWords);
  const dark = useComputedColorScheme() === 'dark';
  const { p50, p95 } = PERCENTILE_INKS;
  return (
    <ChartCard
      title={title}
      hint={hint}
      of={[
        [p50, t.half],
        [p95, t.most],
      ]}
    >
      <Suspense fallback={<Skeleton height={LATENCY_HEIGHT} />}>
        <Chart
          option={latencyOption(activity, of, dark, t)}
          height={LATENCY_HEIGHT}
          label={`${title}: ${hint}`}
        />
      </Suspense>
    </ChartCard>
  );
}

interface ChartCardProps {
  title: string;
  hint?: string;
  /** Colour and name of each series. */
  of: [color: string, name: string][];
  children: ReactNode;
}

function ChartCard({ title, hint, of, children }: ChartCardProps) {
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs" align="baseline">
        <Title order={3} size="h5">
          {title}
        </Title>
        <Group gap="sm">
          {of.map(([color, name]) => (
            <Group gap={5} key={name} wrap="nowrap">
              <span className="heat-swatch" style={{ background: color }} />
              <Text size="xs">{name}</Text>
            </Group>
          ))}
        </Group>
      </Group>
      {hint && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
      {children}
    </Card>
  );
}
