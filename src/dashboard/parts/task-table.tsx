/** Tasks as rows; on a phone, where columns have no room, as cards. */
import { Anchor, Card, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from 'wouter';
import { attemptShown } from '../../queue/attempts.ts';
import type { TaskView } from '../api/types.ts';
import { useWords } from '../words/language.tsx';
import { taskWords } from '../words/tasks.ts';
import { DeadlineBar, ProgressBar } from './bars.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TaskActions } from './task-actions.tsx';
import { Elapsed, TimeAgo } from './time.tsx';

export const PHONE = '(max-width: 48em)';

/** @param past told by the history: when they ended, and nothing to be done with them here */
export function TaskTable({ tasks, past = false }: { tasks: TaskView[]; past?: boolean }) {
  const t = useWords(taskWords);
  const phone = useMediaQuery(PHONE, window.matchMedia(PHONE).matches);
  if (phone) {
    return (
      <Stack gap="xs">
        {tasks.map((task) => (
          <TaskCard task={task} past={past} key={task.task_id} />
        ))}
      </Stack>
    );
  }
  return (
    <Table.ScrollContainer minWidth={640} className="tasks">
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.task}</Table.Th>
            <Table.Th>{t.status}</Table.Th>
            <Table.Th w={170}>{t.progress}</Table.Th>
            <Table.Th ta="right">{t.rowsStored}</Table.Th>
            <Table.Th ta="right" className="with-room">
              {t.attempt}
            </Table.Th>
            <Table.Th className="with-room">{past ? t.endedAt : t.submitted}</Table.Th>
            <Table.Th w={110}>{t.took}</Table.Th>
            {!past && <Table.Td />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tasks.map((task) => (
            <TaskRow task={task} past={past} key={task.task_id} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function TaskRow({ task, past }: { task: TaskView; past: boolean }) {
  return (
    <Table.Tr data-task={task.task_id}>
      <Table.Td>
        <TaskName task={task} />
      </Table.Td>
      <Table.Td>
        <StatusBadge status={task.status} />
      </Table.Td>
      <Table.Td>
        <ProgressBar task={task} />
      </Table.Td>
      <Table.Td ta="right" className="nums">
        {task.records_processed.toLocaleString()}
      </Table.Td>
      <Table.Td ta="right" className="nums with-room">
        {attemptOf(task)}
      </Table.Td>
      <Table.Td className="line with-room">
        <TimeAgo at={momentOf(task, past)} />
      </Table.Td>
      <Table.Td>
        <Took task={task} />
      </Table.Td>
      {!past && (
        <Table.Td>
          <TaskActions task={task} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function TaskCard({ task, past }: { task: TaskView; past: boolean }) {
  return (
    <Card withBorder padding="sm" data-task={task.task_id}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <TaskName task={task} />
        <StatusBadge status={task.status} />
      </Group>
      <ProgressBar task={task} />
      <Group justify="space-between" mt={6} mih={30}>
        <Text size="xs" c="dimmed" component="div">
          <TimeAgo at={momentOf(task, past)} /> · {attemptOf(task)}
        </Text>
        {!past && <TaskActions task={task} />}
      </Group>
    </Card>
  );
}

const momentOf = (task: TaskView, past: boolean): string => (past && task.completed_at) || task.created_at;

const attemptOf = (task: TaskView): string => `${attemptShown(task)}/${task.max_attempts}`;

export function TaskName({ task }: { task: Pick<TaskView, 'task_id' | 'job_type'> }) {
  return (
    <Stack gap={0}>
      <Anchor component={Link} href={`/tasks/${task.task_id}`} fw={500} size="sm">
        {task.job_type}
      </Anchor>
      <Text size="xs" c="dimmed" ff="monospace">
        {task.task_id}
      </Text>
    </Stack>
  );
}

function Took({ task }: { task: TaskView }) {
  const { status, started_at, deadline_at, completed_at } = task;
  if (status === 'running' && deadline_at)
    return <DeadlineBar startedAt={started_at} deadlineAt={deadline_at} />;
  if (started_at && completed_at) return <Elapsed from={started_at} to={completed_at} />;
  return '–';
}
