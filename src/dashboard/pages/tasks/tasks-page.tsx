/** All tasks, filtered by what stands in the address. */
import { Autocomplete, Card, Group } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useDatasets, useTasks } from '../../api/queries.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { StatusFilter } from '../../parts/status-filter.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { offsetOf, useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';
import { SubmitButton } from '../datasets/submit-dialog.tsx';
import { BulkMenu } from './bulk-menu.tsx';
import { FoundTasks } from './found-tasks.tsx';

const PAGE = 25;
/** Furthest that pages are turned (the API's own bound); from there on the list is searched. */
const TURNED_AT_MOST = 10_000;

export function TasksPage() {
  const t = useWords(taskWords);
  const [values, change] = useUrlState();
  const { status, job_type, cursor } = values;
  return (
    <>
      <PageHead title={t.tasks} hint={t.tasksHint}>
        <BulkMenu filter={{ status, job_type }} />
        <SubmitButton />
      </PageHead>
      <Group mb="sm">
        <StatusFilter value={status} onChange={(status) => change({ status })} />
        <JobTypeFilter value={job_type ?? ''} onChange={(job_type) => change({ job_type })} />
      </Group>
      <Card withBorder padding="sm">
        {job_type || cursor ? (
          <FoundTasks {...{ status, job_type }} from={cursor} />
        ) : (
          <TaskPages status={status} offset={offsetOf(values)} change={change} />
        )}
      </Card>
    </>
  );
}

function TaskPages({
  status,
  offset,
  change,
}: {
  status: string | undefined;
  offset: number;
  change: (change: Record<string, string>) => void;
}) {
  const t = useWords(taskWords);
  const query = useTasks({ status, limit: PAGE, offset });
  return (
    <Loaded query={query} lines={8}>
      {({ tasks, total, limit, offset, next_cursor }) =>
        tasks.length === 0 ? (
          <Empty title={t.none}>{status ? t.noneMatch : t.noneYet}</Empty>
        ) : (
          <>
            <TaskTable tasks={tasks} />
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

/** Suggests the types that the catalogue has; applied a moment after the last key. */
function JobTypeFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useWords(taskWords);
  const { data } = useDatasets();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const apply = useDebouncedCallback(onChange, 300);
  const types = data?.datasets.flatMap(({ name, modes }) => modes.map((mode) => `${name}.${mode}`)) ?? [];
  return (
    <Autocomplete
      data-filter
      aria-label={t.jobType}
      placeholder={t.jobTypePlaceholder}
      size="xs"
      w={240}
      value={typed}
      data={types}
      limit={12}
      onChange={(next) => {
        setTyped(next);
        apply(next.trim());
      }}
    />
  );
}
