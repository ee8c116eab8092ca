/** Throughput and latency over time, of all job types or of one. The span and the type stand in the address. */
import { Group, SegmentedControl, Select, Stack } from '@mantine/core';
import { type Range, useActivity } from '../../api/activity.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { activityWords } from '../../words/activity.ts';
import { useWords } from '../../words/language.tsx';
import { ActivityCharts } from './charts.tsx';
import { Totals } from './totals.tsx';
import { TypesTable } from './types-table.tsx';

const SHOWN = ['1h', '24h', '7d', '30d', '90d'] as const satisfies Range[];
type Shown = (typeof SHOWN)[number];

export default function ActivityPage() {
  const t = useWords(activityWords);
  const [values, change] = useUrlState();
  const range: Shown = SHOWN.find((one) => one === values.range) ?? '24h';
  const job_type = values.job_type || undefined;
  const query = useActivity(range, job_type);
  const all = useActivity(range);
  const types = (all.data?.job_types ?? []).map((type) => type.job_type);
  return (
    <>
      <PageHead title={t.title} hint={t.hint} />
      <Group mb="sm">
        <SegmentedControl
          size="xs"
          aria-label={t.range}
          value={range}
          data={SHOWN.map((value) => ({ value, label: t.ranges[value] }))}
          onChange={(range) => change({ range })}
        />
        <Select
          data-filter
          size="xs"
          w={240}
          aria-label={t.jobType}
          placeholder={t.allTypes}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t.allTypes }}
          value={job_type ?? null}
          data={job_type && !types.includes(job_type) ? [job_type, ...types] : types}
          onChange={(job_type) => change({ job_type: job_type ?? undefined })}
        />
      </Group>
      <Loaded query={query} lines={10}>
        {(activity) => {
          const { completed, failed, cancelled } = activity.totals;
          if (completed + failed + cancelled === 0) return <Empty title={t.nothing}>{t.nothingHint}</Empty>;
          return (
            <Stack gap={0}>
              <Totals activity={activity} jobType={job_type} />
              <ActivityCharts activity={activity} jobType={job_type} />
            </Stack>
          );
        }}
      </Loaded>
      {all.data && all.data.job_types.length > 0 && (
        <Stack mt="md">
          <TypesTable activity={all.data} range={range} />
        </Stack>
      )}
    </>
  );
}
