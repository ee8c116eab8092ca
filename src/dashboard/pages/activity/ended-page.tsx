/** The tasks behind a number of the activity: what ended so, of a type, in a span; all of them stand in the address. */
import { Card, Code, Group, Table, Text } from '@mantine/core';
import { type EndedFilter, useEndedTasks } from '../../api/activity.ts';
import type { TaskView } from '../../api/types.ts';
import { More } from '../../parts/more.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { TaskName } from '../../parts/task-table.tsx';
import { briefly, Moment } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { activityWords } from '../../words/activity.ts';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';

export default function EndedPage() {
  const t = useWords(activityWords);
  const [{ status, job_type, from, to }] = useUrlState();
  const query = useEndedTasks({ status, job_type, from, to });
  return (
    <>
      <PageHead
        title={t.ended}
        hint={<FilterTold {...{ status, job_type, from, to }} />}
        back={{ path: '/activity', label: t.title }}
      />
      <Card withBorder padding="sm">
        <Loaded query={query} lines={8}>
          {({ pages }) => {
            const tasks = pages.flatMap((page) => page.tasks);
            if (tasks.length === 0) return <Empty title={t.noneEnded} />;
            return (
              <>
                <EndedTable tasks={tasks} />
                <Text size="sm" c="dimmed" ta="center" mt="sm" role="status">
                  {t.shown(tasks.length, query.hasNextPage)}
                </Text>
                <More query={query} label={t.more} />
              </>
            );
          }}
        </Loaded>
      </Card>
    </>
  );
}

function FilterTold({ status, job_type, from, to }: EndedFilter) {
  return (
    <Group gap="xs">
      {status && <StatusBadge status={status as TaskView['status']} />}
      {job_type && <Code>{job_type}</Code>}
      {from && isMoment(from) && <Moment at={from} />}
      {to && isMoment(to) && (
        <>
          – <Moment at={to} />
        </>
      )}
    </Group>
  );
}

/** The address may hold anything; the API says what is wrong with it. */
const isMoment = (text: string): boolean => !Number.isNaN(Date.parse(text));

function EndedTable({ tasks }: { tasks: TaskView[] }) {
  const t = useWords(activityWords);
  const words = useWords(taskWords);
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.task}</Table.Th>
            <Table.Th>{words.status}</Table.Th>
            <Table.Th>{t.endedAt}</Table.Th>
            <Table.Th ta="right">{t.waited}</Table.Th>
            <Table.Th ta="right">{t.ran}</Table.Th>
            <Table.Th ta="right">{t.rows}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tasks.map((task) => (
            <Table.Tr key={`${task.task_id} ${task.attempt} ${task.status}`} data-task={task.task_id}>
              <Table.Td>
                <TaskName task={task} />
              </Table.Td>
              <Table.Td>
                <StatusBadge status={task.status} />
                {task.last_error_type && task.status !== 'completed' && (
                  <Code ml={6}>{task.last_error_type}</Code>
                )}
              </Table.Td>
              <Table.Td className="line">
                <Text size="sm" component="span">
                  {task.completed_at && <Moment at={task.completed_at} />}
                </Text>
              </Table.Td>
              <Table.Td ta="right" className="nums">
                {task.attempt <= 1 ? between(task.created_at, task.started_at) : '–'}
              </Table.Td>
              <Table.Td ta="right" className="nums">
                {between(task.started_at, task.completed_at)}
              </Table.Td>
              <Table.Td ta="right" className="nums">
                {task.records_processed.toLocaleString()}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const between = (from: string | null, to: string | null): string =>
  from && to ? briefly(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000) : '–';
