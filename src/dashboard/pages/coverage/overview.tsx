/** All datasets over time: the first view of the coverage. */
import { ActionIcon, Button, Group, Paper, SegmentedControl, Switch, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { GROUPS, type Group as GroupName } from '../../../datasets/groups.ts';
import { type CoverageGridRow, useCoverageGrid } from '../../api/data.ts';
import { useDatasets, useTasks } from '../../api/queries.ts';
import { Icon } from '../../parts/icons.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { PHONE } from '../../parts/task-table.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { heatmapWords } from '../../words/heatmap.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { daysOf } from './cell-text.ts';
import { Heatmap, type Section } from './heatmap.tsx';
import { Legend } from './legend.tsx';
import { Selection } from './selection.tsx';
import { neighbour, questionOf, thisMonth, type Zoom, zoomOf } from './span.ts';

export function CoverageOverview() {
  const t = useWords(heatmapWords);
  const [{ span = '', q = '', every, chosen }, change] = useUrlState();
  const narrow = useMediaQuery(PHONE, window.matchMedia(PHONE).matches) ?? false;
  const busy = (useTasks({ status: 'running', limit: 1, offset: 0 }).data?.total ?? 0) > 0;
  const question = useMemo(() => questionOf(span, narrow), [span, narrow]);
  const query = useCoverageGrid({ ...question, kept: every !== 'yes' }, busy);
  const sections = useSections(query.data?.rows ?? [], q);
  return (
    <>
      <PageHead title={t.title} hint={t.hint} />
      <Group mb="sm" gap="sm">
        <SpanChoice span={span} choose={(span) => change({ span, chosen: undefined })} />
        <TextInput
          data-filter
          size="xs"
          aria-label={t.search}
          placeholder={t.search}
          leftSection={<Icon name="search" size={14} />}
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value })}
          w={{ base: '100%', sm: 200 }}
        />
        <Switch
          size="xs"
          label={t.onlyKept}
          checked={every !== 'yes'}
          onChange={(event) => change({ every: event.currentTarget.checked ? undefined : 'yes' })}
        />
      </Group>
      <Paper withBorder p="sm">
        <Loaded query={query} lines={12}>
          {(grid) =>
            sections.length > 0 ? (
              <>
                <Legend />
                <Heatmap
                  grid={grid}
                  sections={sections}
                  zoom={(span) => change({ span })}
                  open={({ dataset }, first, last) =>
                    change({ chosen: [dataset, ...daysOf(grid, first, last)].join('.') })
                  }
                />
              </>
            ) : grid.rows.length > 0 ? (
              <Empty title={t.noneMatch} />
            ) : (
              <Empty title={t.none}>
                <div>{t.noneHint}</div>
                <Button size="xs" variant="light" mt="sm" onClick={() => change({ every: 'yes' })}>
                  {t.showAll}
                </Button>
              </Empty>
            )
          }
        </Loaded>
      </Paper>
      <Selection
        chosen={chosen}
        zoom={(span) => change({ span, chosen: undefined })}
        choose={(next) => change({ chosen: next })}
        close={() => change({ chosen: undefined })}
      />
    </>
  );
}

/** What is kept by group, then the rest by group. */
function useSections(rows: readonly CoverageGridRow[], filter: string): Section[] {
  const t = useWords(heatmapWords);
  const { language } = useLanguage();
  const { data } = useDatasets();
  return useMemo(() => {
    const titles = new Map(data?.datasets.map(({ name, title }) => [name, `${title.zh} ${title.en}`]));
    const words = filter.toLowerCase().split(/\s+/);
    const found = rows.filter(({ dataset }) => {
      const all = `${dataset} ${titles.get(dataset) ?? ''}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
    const kept = found.filter(({ stored, scheduled }) => stored || scheduled);
    const rest = found.filter((row) => !kept.includes(row));
    const byGroup = (some: CoverageGridRow[], more: string): Section[] =>
      (Object.keys(GROUPS) as GroupName[])
        .map((group) => ({
          title: GROUPS[group][language] + more,
          rows: some.filter((row) => row.group === group),
        }))
        .filter((section) => section.rows.length > 0);
    return [...byGroup(kept, ''), ...byGroup(rest, ` · ${t.notKept}`)];
  }, [rows, filter, data, language, t]);
}

function SpanChoice({ span, choose }: { span: string; choose: (span: string | undefined) => void }) {
  const t = useWords(heatmapWords);
  const zoom = zoomOf(span);
  const [before, after] = [neighbour(span, -1), neighbour(span, 1)];
  const zooms: Zoom[] = ['month', 'year', 'all'];
  const spans: Record<Zoom, string | undefined> = {
    month: /^\d{4}$/.test(span) ? `${span}-12` : thisMonth(),
    year: zoom === 'month' ? span.slice(0, 4) : undefined,
    all: 'all',
  };
  return (
    <Group gap={6} wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label={t.zoom}
        data={zooms.map((value) => ({ value, label: t.zooms[value] }))}
        value={zoom}
        onChange={(value) => choose(spans[value as Zoom])}
      />
      <ActionIcon
        variant="default"
        aria-label={t.earlier}
        disabled={before === null}
        onClick={() => choose(before ?? undefined)}
      >
        <Icon name="left" size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={t.later}
        disabled={after === null}
        onClick={() => choose(after ?? undefined)}
      >
        <Icon name="right" size={16} />
      </ActionIcon>
      <Text size="sm" className="nums line">
        {span === '' ? t.lastYear : span === 'all' ? t.everything : span}
      </Text>
    </Group>
  );
}
