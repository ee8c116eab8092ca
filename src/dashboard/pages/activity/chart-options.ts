/** Activity over time as options of ECharts: what ended as stacked bars, and times as two lines. */
import type { ActivityAnswer, ActivityFigures } from '../../api/activity.ts';
import { inksOf, STATUS_INKS, tooltipOf } from '../../parts/chart-colors.ts';
import { briefly } from '../../parts/time.tsx';

/** The outcomes in the order of the stack, from below. */
export const OUTCOMES = ['completed', 'failed', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const PERCENTILE_INKS = { p50: '#0f8296', p95: '#e67700' } as const;

type Names = Record<Outcome, string>;
interface PercentileNames {
  half: string;
  most: string;
}

export function endedOption({ buckets, bucket }: ActivityAnswer, dark: boolean, names: Names) {
  const bar = { type: 'bar', stack: 'ended', barCategoryGap: '12%', emphasis: { disabled: true } };
  return {
    ...frame(buckets, bucket, dark),
    yAxis: { ...valueAxis(dark), minInterval: 1 },
    tooltip: {
      ...tooltipOf(dark),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: ([at]: { dataIndex: number }[]) => {
        const found = buckets[at?.dataIndex ?? 0];
        if (!found) return '';
        return [
          bucketName(found.from, bucket),
          ...OUTCOMES.map((outcome) => `${names[outcome]} ${found[outcome]}`),
        ].join('\n');
      },
    },
    series: OUTCOMES.map((outcome) => ({
      ...bar,
      name: names[outcome],
      itemStyle: { color: STATUS_INKS[outcome] },
      data: buckets.map((figures) => figures[outcome]),
    })),
  };
}

export function latencyOption(
  { buckets, bucket }: ActivityAnswer,
  of: 'wait_seconds' | 'run_seconds',
  dark: boolean,
  { half, most }: PercentileNames,
) {
  const line = { type: 'line', showSymbol: buckets.length < 40, symbolSize: 5, emphasis: { disabled: true } };
  const series = (name: string, percentile: 'p50' | 'p95') => ({
    ...line,
    name,
    color: PERCENTILE_INKS[percentile],
    data: buckets.map((figures) => figures[of]?.[percentile] ?? null),
  });
  return {
    ...frame(buckets, bucket, dark),
    yAxis: { ...valueAxis(dark), axisLabel: { color: inksOf(dark).text, formatter: briefly } },
    tooltip: {
      ...tooltipOf(dark),
      trigger: 'axis',
      formatter: ([at]: { dataIndex: number }[]) => {
        const found = buckets[at?.dataIndex ?? 0];
        if (!found) return '';
        const times = found[of];
        const told = times ? [`${half} ${briefly(times.p50)}`, `${most} ${briefly(times.p95)}`] : ['–'];
        return [bucketName(found.from, bucket), ...told].join('\n');
      },
    },
    series: [series(half, 'p50'), series(most, 'p95')],
  };
}

function frame(
  buckets: readonly ({ from: string } & ActivityFigures)[],
  bucket: ActivityAnswer['bucket'],
  dark: boolean,
) {
  const { text, line } = inksOf(dark);
  return {
    animation: false,
    grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: buckets.map(({ from }) => bucketName(from, bucket)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, hideOverlap: true },
    },
  };
}

function valueAxis(dark: boolean) {
  const { text, line } = inksOf(dark);
  return { type: 'value', axisLabel: { color: text }, splitLine: { lineStyle: { color: line } } };
}

/** Of a minute or hour its local time, with the day where it is another; of a day its date in Shanghai. */
export function bucketName(from: string, bucket: ActivityAnswer['bucket']): string {
  const at = new Date(from);
  // Swedish writes 2026-11-20 14:30
  if (bucket === 'day')
    return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(at).slice(5);
  const told = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(at);
  return at.toDateString() === new Date().toDateString() ? told.slice(11) : told.slice(5);
}
