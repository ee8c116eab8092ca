/** The K-line of one code of a price series: candles and volume, unadjusted or adjusted for ex-days. */
import {
  Alert,
  Button,
  Card,
  Group,
  SegmentedControl,
  Skeleton,
  Text,
  TextInput,
  Title,
  useComputedColorScheme,
} from '@mantine/core';
import { type FormEvent, lazy, Suspense, useMemo, useState } from 'react';
import { useRows, useSeries } from '../../api/data.ts';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';
import { dashed } from '../coverage/span.ts';
import { candleOption } from './candle-option.ts';
import { ADJUSTMENTS, type Adjustment, adjusted, type Bars, barsOf, FACTORS, factorsOf } from './candles.ts';

const Chart = lazy(() => import('../../parts/candle-chart.tsx'));
const HEIGHT = 420;
const YEARS = ['1', '3', '10', 'all'] as const;
const FIRST_DAY = '19901219';

/** So many years ago, YYYYMMDD. */
function since(years: string): string {
  if (years === 'all') return FIRST_DAY;
  const day = new Date();
  day.setUTCFullYear(day.getUTCFullYear() - Number(years));
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

export function KLine({ dataset }: { dataset: string }) {
  const t = useWords(dataWords);
  const [{ code, years = '1' }, change] = useUrlState();
  const query = useRows(dataset, { limit: 1, offset: 0 });
  const first = query.data;
  const at = first?.columns.findIndex(({ name }) => name === 'ts_code') ?? -1;
  const shown = code ?? String(first?.rows[0]?.[at] ?? '');
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs" align="flex-end">
        <Title order={3} size="h5">
          {t.kLine}{' '}
          <Text span c="dimmed" size="sm">
            {shown}
          </Text>
        </Title>
        <Group gap="xs">
          <CodeForm key={shown} code={shown} choose={(next) => change({ code: next })} />
          <SegmentedControl
            size="xs"
            aria-label={t.years}
            data={YEARS.map((value) => ({ value, label: t.yearsOf[value] }))}
            value={years}
            onChange={(next) => change({ years: next })}
          />
        </Group>
      </Group>
      <Loaded query={query} lines={8}>
        {() =>
          shown === '' ? (
            <Empty title={t.noRows}>{t.noRowsHint}</Empty>
          ) : (
            <Series dataset={dataset} code={shown} from={since(years)} />
          )
        }
      </Loaded>
    </Card>
  );
}

function CodeForm({ code, choose }: { code: string; choose: (code: string) => void }) {
  const t = useWords(dataWords);
  const [typed, setTyped] = useState(code);
  const show = (event: FormEvent) => {
    event.preventDefault();
    choose(typed.trim().toUpperCase());
  };
  return (
    <form onSubmit={show}>
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          w={120}
          aria-label={t.code}
          placeholder="000001.SZ"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button size="xs" variant="light" type="submit" disabled={typed.trim() === ''}>
          {t.show}
        </Button>
      </Group>
    </form>
  );
}

function Series({ dataset, code, from }: { dataset: string; code: string; from: string }) {
  const t = useWords(dataWords);
  const [adjustment, setAdjustment] = useState<Adjustment>('none');
  const series = useSeries(dataset, code, from);
  const factorSet = FACTORS[dataset] ?? '';
  const factors = useSeries(factorSet, code, from).data;
  const bars = useMemo(() => series.data && barsOf(series.data), [series.data]);
  const byDay = useMemo(() => (factors ? factorsOf(factors) : new Map<string, number>()), [factors]);
  const drawn = useMemo(() => bars && adjusted(bars, byDay, adjustment), [bars, byDay, adjustment]);
  return (
    <Loaded query={series} lines={8}>
      {() =>
        !drawn || drawn.days.length === 0 ? (
          <Empty title={t.noBars(code)}>{t.noBarsHint}</Empty>
        ) : (
          <>
            {byDay.size > 0 && (
              <SegmentedControl
                size="xs"
                mb="xs"
                w="fit-content"
                aria-label={t.adjustment}
                data={ADJUSTMENTS.map((value) => ({ value, label: t.adjustments[value] }))}
                value={adjustment}
                onChange={(next) => setAdjustment(next as Adjustment)}
              />
            )}
            {factorSet !== '' && factors && byDay.size === 0 && (
              <Alert color="gray" mb="xs" p="xs">
                {t.noFactors(factorSet)}
              </Alert>
            )}
            <Candles code={code} bars={drawn} />
          </>
        )
      }
    </Loaded>
  );
}

function Candles({ code, bars }: { code: string; bars: Bars }) {
  const t = useWords(dataWords);
  const dark = useComputedColorScheme() === 'dark';
  const option = useMemo(() => candleOption(bars, dark, t.parts), [bars, dark, t]);
  const [first = '', last = ''] = [bars.days[0], bars.days.at(-1)];
  const close = bars.prices.at(-1)?.[1];
  const label = t.chart(code, dashed(first), dashed(last), bars.days.length, close ?? 0);
  return (
    <Suspense fallback={<Skeleton height={HEIGHT} />}>
      <div data-bars={bars.days.length} data-close={close}>
        <Chart option={option} height={HEIGHT} label={label} />
      </div>
    </Suspense>
  );
}
