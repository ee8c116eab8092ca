/** What is stored of a dataset, and the way to fill what is not. */
import { Alert, Badge, Card, Grid, Group, Select, Text, useComputedColorScheme } from '@mantine/core';
import { useState } from 'react';
import { useCoverage, useDatasets } from '../../api/queries.ts';
import type { CoverageAnswer } from '../../api/types.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { coverageWords } from '../../words/coverage.ts';
import { heatmapWords } from '../../words/heatmap.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { runWords } from '../../words/run-words.ts';
import { MonthGrid, type Range } from './month-grid.tsx';
import { MonthLegend } from './month-legend.tsx';
import { spanOf } from './months.ts';
import { CoverageOverview } from './overview.tsx';
import { PlanCard } from './plan-card.tsx';
import { PALETTES, STATES } from './states.ts';
import { SymbolCard } from './symbol-card.tsx';

export function CoveragePage() {
  const [{ dataset }] = useUrlState();
  return dataset ? <DatasetCoverage dataset={dataset} /> : <CoverageOverview />;
}

function DatasetCoverage({ dataset }: { dataset: string }) {
  const t = useWords(coverageWords);
  const { title } = useWords(heatmapWords);
  const { language } = useLanguage();
  const [{ symbol = '' }, change] = useUrlState();
  const { data } = useDatasets();
  const query = useCoverage(dataset);
  const choices = (data?.datasets ?? [])
    .filter(({ unavailable, api_name }) => unavailable === null && api_name !== null)
    .map(({ name, title }) => ({ value: name, label: `${name}  ${title[language]}` }));
  const known = data?.datasets.find(({ name }) => name === dataset);
  return (
    <>
      <PageHead title={dataset} hint={t.hint} back={{ path: '/coverage', label: title }} />
      <Select
        data-filter
        aria-label={t.dataset}
        data={choices}
        value={dataset}
        onChange={(name) => change({ dataset: name ?? undefined, symbol: undefined })}
        searchable
        allowDeselect={false}
        limit={50}
        w={{ base: '100%', sm: 340 }}
        mb="sm"
      />
      <Loaded query={query} lines={8}>
        {(coverage) => <Coverage key={coverage.dataset} coverage={coverage} />}
      </Loaded>
      {known?.by_symbol && (
        <SymbolCard
          key={`${dataset} ${symbol}`}
          dataset={dataset}
          symbol={symbol}
          choose={(symbol) => change({ symbol })}
        />
      )}
    </>
  );
}

function Coverage({ coverage }: { coverage: CoverageAnswer }) {
  const t = useWords(coverageWords);
  const { language } = useLanguage();
  const { data } = useDatasets();
  const [range, setRange] = useState<Range | null>(null);
  const { dataset, expected, years } = coverage;
  const modes = data?.datasets.find(({ name }) => name === dataset)?.modes ?? [];
  return (
    <>
      {!expected.known && (
        <Alert color="gray" mb="sm">
          {t.unknown} {expected.reason && runWords(language, expected.reason)}
        </Alert>
      )}
      <Grid>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Card withBorder padding="sm">
            <States states={coverage.states} />
            {years.length === 0 ? (
              <Empty title={t.nothing}>{t.nothingHint}</Empty>
            ) : (
              <>
                <MonthGrid years={years} range={range} select={setRange} />
                <MonthLegend />
              </>
            )}
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          {modes.length > 0 && !modes.includes('backfill') && (
            <Text size="sm" c="dimmed">
              {t.notByDay}
            </Text>
          )}
          {range && modes.includes('backfill') && <PlanCard dataset={dataset} span={spanOf(...range)} />}
        </Grid.Col>
      </Grid>
    </>
  );
}

function States({ states }: { states: CoverageAnswer['states'] }) {
  const t = useWords(coverageWords);
  const palette = PALETTES[useComputedColorScheme()];
  const names = STATES.filter((name) => states[name] > 0);
  return (
    <Group gap="xs" mb="sm">
      {names.map((name) => (
        <Badge key={name} color={palette[name]} variant="dot" tt="none" fw={500} className="nums">
          {t.states[name]} {states[name].toLocaleString()}
        </Badge>
      ))}
    </Group>
  );
}
