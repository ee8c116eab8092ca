/** One execution and its tasks. */
import { Card, Code, Group, Stack } from '@mantine/core';
import { useExecutionAction } from '../../api/actions.ts';
import { useExecution } from '../../api/queries.ts';
import type { ExecutionDetail } from '../../api/types.ts';
import { CountsBar } from '../../parts/bars.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Fields } from '../../parts/fields.tsx';
import { LeftQueue } from '../../parts/left-queue.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Loaded } from '../../parts/states.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { Elapsed, Moment } from '../../parts/time.tsx';
import { offsetOf, useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { listWords } from '../../words/lists.ts';
import { taskWords } from '../../words/tasks.ts';
import { Gantt } from './gantt.tsx';

const PAGE = 50;

export function ExecutionPage({ id }: { id: string }) {
  const t = useWords(taskWords);
  const lists = useWords(listWords);
  const [values, change] = useUrlState();
  const query = useExecution(id, { limit: PAGE, offset: offsetOf(values) });
  const hint = (
    <Group gap={4}>
      <Code>{id}</Code>
      <CopyButton text={id} />
    </Group>
  );
  const back = { path: '/executions', label: t.executions };
  return (
    <>
      <PageHead title={query.data?.label ?? t.execution} hint={hint} back={back}>
        {query.data && <StatusBadge status={query.data.status} />}
        {query.data && !query.data.left_queue && <ExecutionActions execution={query.data} />}
      </PageHead>
      <Loaded query={query} lines={8}>
        {(execution) => (
          <Stack>
            {execution.left_queue && <LeftQueue>{lists.executionLeft}</LeftQueue>}
            <Summary execution={execution} />
            {execution.tasks.length > 0 && <Gantt tasks={execution.tasks} total={execution.total} />}
            <Card withBorder padding="sm">
              <TaskTable tasks={execution.tasks} past={execution.left_queue} />
              <Pager
                total={execution.total}
                limit={execution.limit}
                offset={execution.offset}
                go={(next) => change({ offset: String(next) })}
              />
            </Card>
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function Summary({ execution }: { execution: ExecutionDetail }) {
  const t = useWords(taskWords);
  const { created_at, started_at, completed_at } = execution;
  return (
    <Card withBorder>
      <Stack gap="sm">
        <CountsBar execution={execution} />
        <Fields
          of={[
            [t.submitted, <Moment at={created_at} key="at" />],
            [t.endedAt, completed_at && <Moment at={completed_at} />],
            [t.took, started_at && <Elapsed from={started_at} to={completed_at} />],
          ]}
        />
      </Stack>
    </Card>
  );
}

function ExecutionActions({ execution }: { execution: ExecutionDetail }) {
  const t = useWords(taskWords);
  const { mutateAsync } = useExecutionAction();
  const { execution_id: id, status, counts } = execution;
  const over = status !== 'pending' && status !== 'running';
  return (
    <>
      {!over && (
        <ConfirmButton
          label={t.stopExecution}
          question={t.stopExecutionAsk}
          done={t.stopExecutionDone}
          color="red"
          act={() => mutateAsync({ id, action: 'stop' })}
        />
      )}
      {counts.failed + counts.cancelled > 0 && (
        <ConfirmButton
          label={t.retryExecution}
          question={t.retryExecutionAsk}
          done={t.retryExecutionDone}
          act={() => mutateAsync({ id, action: 'retry' })}
        />
      )}
    </>
  );
}
