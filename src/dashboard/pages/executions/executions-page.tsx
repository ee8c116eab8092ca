/** All executions, filtered by what stands in the address. */
import { Anchor, Card, Group, Stack, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useExecutions } from '../../api/queries.ts';
import type { ExecutionView } from '../../api/types.ts';
import { CountsBar } from '../../parts/bars.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { StatusFilter } from '../../parts/status-filter.tsx';
import { Elapsed, TimeAgo } from '../../parts/time.tsx';
import { offsetOf, useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';

const PAGE = 25;

export function ExecutionsPage() {
  const t = useWords(taskWords);
  const [values, change] = useUrlState();
  const { status } = values;
  const query = useExecutions({ status, limit: PAGE, offset: offsetOf(values) });
  return (
    <>
      <PageHead title={t.executions} hint={t.executionsHint} />
      <Group mb="sm">
        <StatusFilter value={status} onChange={(status) => change({ status })} />
      </Group>
      <Card withBorder padding="sm">
        <Loaded query={query} lines={6}>
          {({ executions, total, limit, offset }) =>
            executions.length === 0 ? (
              <Empty title={t.noExecutions}>{status ? t.noneMatch : t.noExecutionsYet}</Empty>
            ) : (
              <>
                <ExecutionTable executions={executions} />
                <Pager {...{ total, limit, offset }} go={(next) => change({ offset: String(next) })} />
              </>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

function ExecutionTable({ executions }: { executions: ExecutionView[] }) {
  const t = useWords(taskWords);
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.executions}</Table.Th>
            <Table.Th>{t.status}</Table.Th>
            <Table.Th w={240}>{t.tasks}</Table.Th>
            <Table.Th>{t.submitted}</Table.Th>
            <Table.Th>{t.took}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {executions.map((execution) => (
            <ExecutionRow execution={execution} key={execution.execution_id} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ExecutionRow({ execution }: { execution: ExecutionView }) {
  const { execution_id, label, status, counts, total, created_at, started_at, completed_at } = execution;
  return (
    <Table.Tr>
      <Table.Td maw={420}>
        <Stack gap={0}>
          <Anchor component={Link} href={`/executions/${execution_id}`} fw={500} size="sm" lineClamp={2}>
            {label}
          </Anchor>
          <Text size="xs" c="dimmed" ff="monospace">
            {execution_id}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td>
        <CountsBar counts={counts} total={total} />
      </Table.Td>
      <Table.Td>
        <TimeAgo at={created_at} />
      </Table.Td>
      <Table.Td>{started_at ? <Elapsed from={started_at} to={completed_at} /> : '–'}</Table.Td>
    </Table.Tr>
  );
}
