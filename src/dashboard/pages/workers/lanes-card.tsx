/** What each supervisor ran in the last hours: rows as many as it ran at once, kills marked. A bar leads to its task. */
import {
  Anchor,
  Card,
  Group,
  SegmentedControl,
  Skeleton,
  Text,
  Title,
  useComputedColorScheme,
} from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type RunsAnswer, useRuns } from '../../api/activity.ts';
import type { TaskView } from '../../api/types.ts';
import { STATUS_INKS } from '../../parts/chart-colors.ts';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useNow } from '../../parts/time.tsx';
import { commonWords } from '../../words/common.ts';
import { laneWords } from '../../words/lanes.ts';
import { useWords } from '../../words/language.tsx';
import { barsOf, endInk, laneOption, ROW } from './lane-option.ts';
import { type Bar, lanesOf } from './lanes.ts';

const Chart = lazy(() => import('../../parts/span-chart.tsx'));
const SPANS = { '15m': 900_000, '1h': 3_600_000, '6h': 21_600_000 } as const;
type Span = keyof typeof SPANS;
const AXIS = 36;
/** A bar grows by a pixel in some seconds. */
const REDRAWN_EVERY_MS = 5_000;
const SHOWN = ['completed', 'failed', 'cancelled', 'running'] as const;

/** @param running what runs now */
export function LanesCard({ running }: { running: readonly TaskView[] }) {
  const t = useWords(laneWords);
  const { status } = useWords(commonWords);
  const dark = useComputedColorScheme() === 'dark';
  const [span, setSpan] = useState<Span>('1h');
  const query = useRuns(SPANS[span]);
  const legend = [
    ...SHOWN.map((one) => [STATUS_INKS[one], status[one]] as const),
    [endInk(dark), t.threadEndedLegend] as const,
  ];
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h5">
          {t.title}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t.back}
          value={span}
          data={(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: t.spans[value] }))}
          onChange={(value) => setSpan(value as Span)}
        />
      </Group>
      <Text size="xs" c="dimmed" my={4}>
        {t.hint}
      </Text>
      <Group gap="sm" mb={4}>
        {legend.map(([color, name]) => (
          <Group gap={5} key={name} wrap="nowrap">
            <span className="heat-swatch" style={{ background: color }} />
            <Text size="xs">{name}</Text>
          </Group>
        ))}
      </Group>
      <Loaded query={query} lines={4}>
        {(answer) => <Lanes answer={answer} running={running} length={SPANS[span]} dark={dark} />}
      </Loaded>
      <Anchor component={Link} href="/activity/tasks" size="xs">
        {t.list}
      </Anchor>
    </Card>
  );
}

interface LanesProps {
  answer: RunsAnswer;
  running: readonly TaskView[];
  /** ms */
  length: number;
  dark: boolean;
}

function Lanes({ answer, running, length, dark }: LanesProps) {
  const t = useWords(laneWords);
  const { status } = useWords(commonWords);
  const now = useNow(REDRAWN_EVERY_MS);
  const [, go] = useLocation();
  const lanes = useMemo(
    () => lanesOf([...answer.runs.map(endedBar), ...running.flatMap((task) => runningBar(task, now))]),
    [answer, running, now],
  );
  const option = useMemo(
    () => laneOption(lanes, { from: now - length, to: now }, dark, { ...t, status }),
    [lanes, now, length, dark, t, status],
  );
  if (lanes.length === 0) return <Empty title={t.none} />;
  const height = lanes.length * ROW + AXIS;
  const cut = Date.parse(answer.from) > Date.parse(answer.to) - length + 1;
  return (
    <>
      <Suspense fallback={<Skeleton height={height} />}>
        <Chart
          key={height}
          option={option}
          height={height}
          label={t.chart}
          onPick={(_, at) => {
            const id = barsOf(lanes)[at]?.bar.task_id;
            if (id) go(`/tasks/${id}`);
          }}
        />
      </Suspense>
      {cut && (
        <Text size="xs" c="dimmed">
          {t.since}
        </Text>
      )}
    </>
  );
}

function endedBar({ started_at, ended_at, ...run }: RunsAnswer['runs'][number]): Bar {
  return { ...run, from: Date.parse(started_at), to: Date.parse(ended_at) };
}

function runningBar({ task_id, job_type, status, owner, started_at }: TaskView, now: number): Bar[] {
  if (status !== 'running' || started_at === null) return [];
  const from = Date.parse(started_at);
  const run = { error_type: null, thread_ended: false, supervisor_id: owner };
  return [{ task_id, job_type, status, ...run, from, to: Math.max(from, now) }];
}
