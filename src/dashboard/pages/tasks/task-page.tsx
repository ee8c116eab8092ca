/** One task: where it stands, why it waits, what went wrong, and what can be done. */
import { Alert, Anchor, Card, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { attemptShown } from '../../../queue/attempts.ts';
import { useTask } from '../../api/queries.ts';
import type { SingleTask } from '../../api/types.ts';
import { DeadlineBar, ProgressBar } from '../../parts/bars.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Fields } from '../../parts/fields.tsx';
import { LeftQueue } from '../../parts/left-queue.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Loaded } from '../../parts/states.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { TaskActions } from '../../parts/task-actions.tsx';
import { duration, TimeAgo } from '../../parts/time.tsx';
import { commonWords } from '../../words/common.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { listWords } from '../../words/lists.ts';
import { runWords } from '../../words/run-words.ts';
import { taskWords } from '../../words/tasks.ts';
import { RetryDialog } from './retry-dialog.tsx';
import { TaskError } from './task-error.tsx';
import { TaskRuns } from './task-runs.tsx';
import { TaskTimeline } from './task-timeline.tsx';

export function TaskPage({ id }: { id: string }) {
  const query = useTask(id);
  const t = useWords(taskWords);
  const lists = useWords(listWords);
  const [, go] = useLocation();
  const hint = (
    <Group gap={4}>
      <Code>{id}</Code>
      <CopyButton text={id} />
    </Group>
  );
  const back = { path: '/tasks', label: t.tasks };
  return (
    <>
      <PageHead title={query.data?.job_type ?? t.task} hint={hint} back={back}>
        {query.data && <StatusBadge status={query.data.status} />}
        {query.data && !query.data.left_queue && (
          <>
            <TaskActions task={query.data} onRetried={(next) => go(`/tasks/${next}`)} />
            <RetryDialog task={query.data} />
          </>
        )}
      </PageHead>
      <Loaded query={query} lines={8}>
        {(task) => (
          <Stack>
            {task.left_queue && <LeftQueue>{lists.taskLeft}</LeftQueue>}
            <Waiting task={task} />
            <TaskError task={task} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Facts task={task} />
              <TaskTimeline task={task} />
            </SimpleGrid>
            {!task.left_queue && <TaskRuns id={id} />}
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function Waiting({ task: { waiting } }: { task: SingleTask }) {
  const t = useWords(taskWords);
  const { language } = useLanguage();
  if (!waiting) return null;
  // the API's sentence is English; in Chinese its moment and its task stand beside the reason
  const said = language === 'en' ? waiting.message : t.waiting[waiting.reason];
  return (
    <Alert color="gray" variant="light" title={t.whyWaiting}>
      {said} {waiting.until && <TimeAgo at={waiting.until} />}{' '}
      {waiting.blocked_by && (
        <Anchor component={Link} href={`/tasks/${waiting.blocked_by}`} size="sm" underline="always">
          {t.blockedBy}
        </Anchor>
      )}
    </Alert>
  );
}

function Facts({ task }: { task: SingleTask }) {
  const t = useWords(taskWords);
  const { language } = useLanguage();
  const common = useWords(commonWords);
  const params = JSON.stringify(task.params, null, 2);
  const hasParams = Object.keys((task.params ?? {}) as object).length > 0;
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t.progress}
        </Title>
        <ProgressBar task={task} />
        {task.progress_message && (
          <Text size="sm" c="dimmed">
            {runWords(language, task.progress_message)}
          </Text>
        )}
        {task.status === 'running' && task.deadline_at && (
          <DeadlineBar startedAt={task.started_at} deadlineAt={task.deadline_at} />
        )}
        <Fields
          of={[
            [t.rowsStored, task.records_processed.toLocaleString()],
            [t.attempt, t.attemptOf(attemptShown(task), task.max_attempts)],
            [t.priority, common.priority[task.priority]],
            [t.timeout, duration(task.timeout_seconds * 1000)],
            [t.owner, task.owner && <Code>{task.owner}</Code>],
            [t.fence, task.fence],
            [
              t.execution,
              task.execution_id && (
                <Anchor component={Link} size="sm" href={`/executions/${task.execution_id}`}>
                  {task.execution_id}
                </Anchor>
              ),
            ],
            [
              t.params,
              hasParams && (
                <Group key="params" gap={4} align="flex-start" wrap="nowrap">
                  <Code block mah={240} style={{ overflowY: 'auto', minWidth: 0 }} tabIndex={0}>
                    {params}
                  </Code>
                  <CopyButton text={params} />
                </Group>
              ),
            ],
          ]}
        />
      </Stack>
    </Card>
  );
}
