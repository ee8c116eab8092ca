/** When each task of a page of an execution waited and ran, one under the other. */
import { Card, Skeleton, Text, Title, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useNow } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';
import { ganttOption } from './gantt-option.ts';
import type { GanttTask } from './spans.ts';

const Chart = lazy(() => import('../../parts/bar-chart.tsx'));
const ROW = 22;
const AXIS = 32;

/** @param total tasks of the execution, of which `tasks` are a page */
export function Gantt({ tasks, total }: { tasks: readonly GanttTask[]; total: number }) {
  const t = useWords(taskWords);
  const dark = useComputedColorScheme() === 'dark';
  const now = useNow();
  const height = tasks.length * ROW + AXIS;
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5" mb="xs">
        {t.gantt}{' '}
        {tasks.length < total && (
          <Text span size="sm" c="dimmed" fw={400} className="nums">
            {t.ganttOf(tasks.length, total)}
          </Text>
        )}
      </Title>
      <Suspense fallback={<Skeleton height={height} />}>
        <Chart key={height} option={ganttOption(tasks, now, dark, t)} height={height} label={t.ganttHint} />
      </Suspense>
    </Card>
  );
}
