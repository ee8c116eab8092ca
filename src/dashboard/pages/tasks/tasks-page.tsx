/** All tasks, in the queue or in the history, filtered by what stands in the address. */
import { Card, Group } from '@mantine/core';
import type { Place } from '../../api/found.ts';
import { useDatasets, useTasks } from '../../api/queries.ts';
import { ENDED_STATUSES, TASK_STATUSES } from '../../api/types.ts';
import { DayFilter } from '../../parts/day-filter.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager } from '../../parts/pager.tsx';
import { PlaceFilter, placeOf } from '../../parts/place-filter.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { StatusFilter } from '../../parts/status-filter.tsx';
import { SuggestFilter } from '../../parts/suggest-filter.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { daysText, offsetOf, spanOf, useUrlState, type Values } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { listWords } from '../../words/lists.ts';
import { taskWords } from '../../words/tasks.ts';
import { SubmitButton } from '../datasets/submit-dialog.tsx';
import { BulkMenu } from './bulk-menu.tsx';
import { FoundTasks } from './found-tasks.tsx';

const PAGE = 25;
/** Furthest that pages are turned (the API's own bound); from there on the list is searched. */
const TURNED_AT_MOST = 10_000;

export function TasksPage() {
  const t = useWords(taskWords);
  const lists = useWords(listWords);
  const [values, change] = useUrlState();
  const place = placeOf(values);
  const { status, job_type, dataset, cursor } = values;
  const search = { job_type, dataset, ...spanOf(values) };
  const searches = cursor !== undefined || Object.values(search).some(Boolean);
  return (
    <>
      <PageHead title={t.tasks} hint={place === 'queue' ? t.tasksHint : lists.historyHint}>
        {place === 'queue' && <BulkMenu filter={{ status, ...search }} days={daysText(values)} />}
        <SubmitButton />
      </PageHead>
      <TaskFilters {...{ place, values, change }} />
      <Card withBorder padding="sm">
        {place === 'history' || searches ? (
          <FoundTasks place={place} filter={{ status, ...search }} start={cursor} />
        ) : (
          <TaskPages status={status} offset={offsetOf(values)} change={change} />
        )}
      </Card>
    </>
  );
}

function TaskFilters({
  place,
  values,
  change,
}: {
  place: Place;
  values: Values;
  change: (change: Values) => void;
}) {
  const t = useWords(taskWords);
  const lists = useWords(listWords);
  const { data } = useDatasets();
  const { status, job_type = '', dataset = '', from, to } = values;
  const datasets = data?.datasets ?? [];
  const types = datasets.flatMap(({ name, modes }) => modes.map((mode) => `${name}.${mode}`));
  const past = place === 'history';
  return (
    <Group mb="sm" gap="sm">
      <PlaceFilter value={place} {...{ status, change }} />
      <StatusFilter
        of={past ? ENDED_STATUSES : TASK_STATUSES}
        value={status}
        onChange={(status) => change({ status })}
      />
      <SuggestFilter
        label={t.jobType}
        placeholder={t.jobType}
        value={job_type}
        of={types}
        byKey
        onChange={(job_type) => change({ job_type })}
      />
      <SuggestFilter
        label={lists.dataset}
        placeholder={lists.dataset}
        value={dataset}
        of={datasets.map(({ name }) => name)}
        onChange={(dataset) => change({ dataset })}
      />
      <DayFilter what={past ? lists.ended : lists.submitted} {...{ from, to }} change={change} />
    </Group>
  );
}

function TaskPages({
  status,
  offset,
  change,
}: {
  status: string | undefined;
  offset: number;
  change: (change: Values) => void;
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
