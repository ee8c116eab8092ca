/** Bars: how far a task is, how much of its time it has used, what an execution's tasks have come to. */
import { Group, Progress, Stack, Text, Tooltip } from '@mantine/core';
import { executionTimeLeft, taskTimeLeft } from '../../queue/time-left.ts';
import { type ExecutionView, TASK_STATUSES, type TaskView } from '../api/types.ts';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { taskWords } from '../words/tasks.ts';
import { STATUS_COLORS } from './status-badge.tsx';
import { duration, useNow } from './time.tsx';
import { TimeLeft } from './time-left.tsx';

/** From here on a person may want to look, in percent of the time allowed. */
const LATE_FROM = 80;

export function ProgressBar({ task }: { task: TaskView }) {
  return (
    <Stack gap={0}>
      <Share task={task} />
      <TimeLeft leftAt={(now) => taskTimeLeft(task, now)} />
    </Stack>
  );
}

function Share({ task }: { task: Pick<TaskView, 'progress' | 'status'> }) {
  const t = useWords(taskWords);
  const progress = Math.round(task.progress);
  return (
    <Group gap={6} wrap="nowrap">
      <Progress.Root flex={1} miw={60} size="md">
        <Progress.Section
          value={progress}
          color={STATUS_COLORS[task.status]}
          aria-label={t.progress}
          animated={task.status === 'running'}
          striped={task.status === 'running'}
        />
      </Progress.Root>
      <Text size="xs" className="nums" w={34} ta="right">
        {progress}%
      </Text>
    </Group>
  );
}

/** Elapsed against the deadline; amber from 80 %, red when it is over. */
export function DeadlineBar({ startedAt, deadlineAt }: { startedAt: string | null; deadlineAt: string }) {
  const t = useWords(taskWords);
  const now = useNow();
  const end = Date.parse(deadlineAt);
  const start = startedAt ? Date.parse(startedAt) : now;
  const used = Math.min(100, Math.max(0, ((now - start) / (end - start)) * 100));
  const color = used >= 100 ? 'red' : used >= LATE_FROM ? 'orange' : 'teal-blue';
  return (
    <Tooltip label={t.deadlineIn(duration(end - now))}>
      <Group gap={6} wrap="nowrap">
        <Progress.Root flex={1} miw={50} size="xs">
          <Progress.Section value={used} color={color} aria-label={t.deadline} />
        </Progress.Root>
        <Text size="xs" className="nums">
          {duration(now - start)}
        </Text>
      </Group>
    </Tooltip>
  );
}

/** The tasks of an execution by status, in one bar, and how long the rest will take. */
export function CountsBar({ execution }: { execution: ExecutionView }) {
  return (
    <Stack gap={0}>
      <Counts counts={execution.counts} total={execution.total} />
      <TimeLeft leftAt={(now) => executionTimeLeft(execution, now)} />
    </Stack>
  );
}

function Counts({ counts, total }: Pick<ExecutionView, 'counts' | 'total'>) {
  const t = useWords(commonWords);
  const told = TASK_STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${t.status[status]} ${counts[status]}`)
    .join(' · ');
  const order = ['completed', 'failed', 'cancelled', 'running'] as const;
  const done = counts.completed + counts.failed + counts.cancelled;
  return (
    <Tooltip label={told}>
      <Group gap={6} wrap="nowrap">
        <Progress.Root flex={1} miw={80} size="md">
          {order.map((status) => (
            <Progress.Section
              key={status}
              value={(counts[status] / Math.max(1, total)) * 100}
              color={STATUS_COLORS[status]}
              aria-label={t.status[status]}
            />
          ))}
        </Progress.Root>
        <Text size="xs" className="nums" miw={44} ta="right">
          {done}/{total}
        </Text>
      </Group>
    </Tooltip>
  );
}
