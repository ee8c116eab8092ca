/** All executions, in the queue or in the history, filtered by what stands in the address. */
import { Anchor, Card, Group, Select, Stack, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import { type Place, type SearchFilter, useFoundExecutions } from '../../api/found.ts';
import { useExecutions } from '../../api/queries.ts';
import { ENDED_STATUSES, type ExecutionView, TASK_STATUSES } from '../../api/types.ts';
import { CountsBar } from '../../parts/bars.tsx';
import { DayFilter } from '../../parts/day-filter.tsx';
import { Found } from '../../parts/found.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { PlaceFilter, placeOf } from '../../parts/place-filter.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { StatusFilter } from '../../parts/status-filter.tsx';
import { Elapsed, TimeAgo } from '../../parts/time.tsx';
import { offsetOf, spanOf, useUrlState, type Values } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { listWords } from '../../words/lists.ts';
import { taskWords } from '../../words/tasks.ts';

const PAGE = 25;
/** Furthest that pages are turned (the API's own bound); from there on the list is searched. */
const TURNED_AT_MOST = 10_000;

export function ExecutionsPage() {
  const t = useWords(taskWords);
  const lists = useWords(listWords);
  const [values, change] = useUrlState();
  const place = placeOf(values);
  const { status, kind, cursor } = values;
  const search = { kind, ...spanOf(values) };
  const searches = cursor !== undefined || Object.values(search).some(Boolean);
  return (
    <>
      <PageHead title={t.executions} hint={place === 'queue' ? t.executionsHint : lists.historyHint} />
      <ExecutionFilters {...{ place, values, change }} />
      <Card withBorder padding="sm">
        {place === 'history' || searches ? (
          <FoundExecutions place={place} filter={{ status, ...search }} start={cursor} />
        ) : (
          <ExecutionPages status={status} offset={offsetOf(values)} change={change} />
        )}
      </Card>
    </>
  );
}

function ExecutionFilters({
  place,
  values: { status, kind, from, to },
  change,
}: {
  place: Place;
  values: Values;
  change: (change: Values) => void;
}) {
  const lists = useWords(listWords);
  const past = place === 'history';
  const kinds = Object.entries(lists.kinds).map(([value, label]) => ({ value, label }));
  return (
    <Group mb="sm" gap="sm">
      <PlaceFilter value={place} {...{ status, change }} />
      <StatusFilter
        of={past ? ENDED_STATUSES : TASK_STATUSES}
        value={status}
        onChange={(status) => change({ status })}
      />
      <Select
        aria-label={lists.kind}
        placeholder={lists.allKinds}
        size="xs"
        w={{ base: '100%', xs: 190 }}
        data={kinds}
        value={kind ?? null}
        onChange={(kind) => change({ kind: kind ?? undefined })}
        clearable
      />
      <DayFilter what={past ? lists.ended : lists.submitted} {...{ from, to, change }} />
    </Group>
  );
}

function ExecutionPages({
  status,
  offset,
  change,
}: {
  status: string | undefined;
  offset: number;
  change: (change: Values) => void;
}) {
  const t = useWords(taskWords);
  const query = useExecutions({ status, limit: PAGE, offset });
  return (
    <Loaded query={query} lines={6}>
      {({ executions, total, limit, offset, next_cursor }) =>
        executions.length === 0 ? (
          <Empty title={t.noExecutions}>{status ? t.noneMatch : t.noExecutionsYet}</Empty>
        ) : (
          <>
            <ExecutionTable executions={executions} />
            <Pager
              {...{ total, limit, offset }}
              go={(next) =>
                change(
                  next > TURNED_AT_MOST && next_cursor ? { cursor: next_cursor } : { offset: String(next) },
                )
              }
            />
          </>
        )
      }
    </Loaded>
  );
}

function FoundExecutions({
  place,
  filter,
  start,
}: {
  place: Place;
  filter: SearchFilter;
  start: string | undefined;
}) {
  const t = useWords(taskWords);
  const query = useFoundExecutions(place, filter, start);
  return (
    <Found {...{ place, filter, query }} none={t.noExecutions}>
      {(executions) => <ExecutionTable executions={executions} past={place === 'history'} />}
    </Found>
  );
}

/** @param past told by the history: when they ended; one that was retried is there for each of its ends */
function ExecutionTable({ executions, past = false }: { executions: ExecutionView[]; past?: boolean }) {
  const t = useWords(taskWords);
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.executions}</Table.Th>
            <Table.Th>{t.status}</Table.Th>
            <Table.Th w={240}>{t.tasks}</Table.Th>
            <Table.Th>{past ? t.endedAt : t.submitted}</Table.Th>
            <Table.Th>{t.took}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {executions.map((execution) => (
            <ExecutionRow
              execution={execution}
              past={past}
              key={`${execution.execution_id}.${execution.attempt}`}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ExecutionRow({ execution, past }: { execution: ExecutionView; past: boolean }) {
  const { execution_id, label, status, created_at, started_at, completed_at } = execution;
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
        <CountsBar execution={execution} />
      </Table.Td>
      <Table.Td>
        <TimeAgo at={(past && completed_at) || created_at} />
      </Table.Td>
      <Table.Td>{started_at ? <Elapsed from={started_at} to={completed_at} /> : '–'}</Table.Td>
    </Table.Tr>
  );
}
