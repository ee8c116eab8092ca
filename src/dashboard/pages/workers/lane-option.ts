/** What supervisors ran over time as an option of ECharts: a bar a task, with a dark end where its thread ended too. */
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import { inksOf, STATUS_INKS, tooltipOf } from '../../parts/chart-colors.ts';
import { briefly } from '../../parts/time.tsx';
import type { Bar, Lane } from './lanes.ts';

export const ROW = 18;
const BAR = 12;
/** Narrowest bar that can be seen and pointed at, in px. */
const NARROWEST = 2;
/** Of the end of a thread, in px. */
const END = 4;
export const endInk = (dark: boolean): string => (dark ? '#ffffff' : '#000000');

interface Words {
  lost: string;
  threadEnded: string;
  status: Record<Bar['status'], string>;
}

export function laneOption(
  lanes: readonly Lane[],
  span: { from: number; to: number },
  dark: boolean,
  t: Words,
) {
  const { text, line } = inksOf(dark);
  const bars = barsOf(lanes);
  return {
    animation: false,
    grid: { left: 8, right: 12, top: 4, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipOf(dark),
      formatter: ({ dataIndex }: { dataIndex: number }) => told(bars[dataIndex]?.bar, t),
    },
    xAxis: {
      type: 'time',
      min: span.from,
      max: span.to,
      axisLabel: { color: text, hideOverlap: true },
      splitLine: { show: true, lineStyle: { color: line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: lanes.map(({ supervisor_id, number }) => `${supervisor_id ?? t.lost} · ${number}`),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, width: 150, overflow: 'truncate', interval: 0, fontSize: 11 },
    },
    series: [
      {
        type: 'custom',
        encode: { x: [1, 2], y: 0 },
        data: bars.map(({ row, bar }) => [row, Math.max(bar.from, span.from), bar.to]),
        renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const bar = bars[params.dataIndex]?.bar as Bar;
          const [left = 0, middle = 0] = api.coord([api.value(1), api.value(0)]);
          const [right = 0] = api.coord([api.value(2), api.value(0)]);
          const width = Math.max(NARROWEST, right - left);
          const shape = { x: left, y: middle - BAR / 2, width, height: BAR };
          const body = { type: 'rect', shape, style: { fill: STATUS_INKS[bar.status] } } as const;
          if (!bar.thread_ended) return body;
          const ended = {
            ...shape,
            x: left + width - END / 2,
            y: middle - BAR / 2 - 2,
            width: END,
            height: BAR + 4,
          };
          const end = { type: 'rect', shape: ended, style: { fill: endInk(dark) } } as const;
          return { type: 'group', children: [body, end] };
        },
      },
    ],
  };
}

/** The bars in the order of the series. */
export const barsOf = (lanes: readonly Lane[]): { row: number; bar: Bar }[] =>
  lanes.flatMap(({ bars }, row) => bars.map((bar) => ({ row, bar })));

function told(bar: Bar | undefined, t: Words): string {
  if (!bar) return '';
  const { job_type, status, error_type, thread_ended, from, to } = bar;
  const time = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' });
  const outcome = [t.status[status], error_type, thread_ended && t.threadEnded].filter(Boolean).join(' · ');
  return `${job_type}\n${outcome}\n${time.format(from)} – ${time.format(to)} (${briefly((to - from) / 1000)})`;
}
