/** What has happened to a task, in order. */
import { Anchor, Card, Text, Timeline, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SingleTask } from '../../api/types.ts';
import { STATUS_COLORS } from '../../parts/status-badge.tsx';
import { Moment } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';

interface Step {
  title: string;
  at: string | null;
  color?: string;
  more?: ReactNode;
}

export function TaskTimeline({ task }: { task: SingleTask }) {
  const t = useWords(taskWords);
  const steps = stepsOf(task, t);
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t.timeline}
      </Title>
      <Timeline active={steps.length} bulletSize={14} lineWidth={2}>
        {steps.map(({ title, at, color, more }) => (
          <Timeline.Item key={title} title={title} color={color} fz="sm">
            <Text size="xs" c="dimmed" component="div">
              {at && <Moment at={at} />} {more}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  );
}

function stepsOf(task: SingleTask, t: typeof taskWords.en): Step[] {
  const { attempt, losses, status, last_error_type } = task;
  const steps: Step[] = [{ title: t.wasSubmitted, at: task.created_at, color: 'gray' }];
  const link = (id: string) => (
    <Anchor component={Link} href={`/tasks/${id}`} size="xs">
      {id}
    </Anchor>
  );
  if (task.retry_of) steps[0] = { ...(steps[0] as Step), more: [t.wasRetryOf, ' ', link(task.retry_of)] };
  const over = status === 'completed' || status === 'failed' || status === 'cancelled';
  const before = over ? attempt - 1 : attempt;
  if (before > 0)
    steps.push({ title: t.attemptsEnded(before), at: null, color: 'orange', more: last_error_type });
  if (losses > 0) steps.push({ title: t.lost(losses), at: null, color: 'orange' });
  if (task.started_at && status !== 'pending')
    steps.push({ title: t.began(over ? attempt : attempt + 1), at: task.started_at, color: 'blue' });
  if (task.stop_requested_at) steps.push({ title: t.stopWished, at: task.stop_requested_at, color: 'red' });
  if (task.next_run_at && status === 'pending')
    steps.push({ title: t.nextRun, at: task.next_run_at, color: 'gray' });
  if (over)
    steps.push({
      title: t.ended[status],
      at: task.completed_at,
      color: STATUS_COLORS[status],
      more: last_error_type,
    });
  if (task.retried_as)
    steps.push({ title: t.retriedAs, at: null, color: 'gray', more: link(task.retried_as) });
  return steps;
}
