/** Tasks of an execution along time as an option of ECharts: a pale bar while one waited, a coloured one while it ran. */
import { inksOf, STATUS_INKS, tooltipOf } from '../../parts/chart-colors.ts';
import { duration } from '../../parts/time.tsx';
import { type GanttTask, spansOf } from './spans.ts';

interface Words {
  waited: string;
  ran: string;
}

export function ganttOption(tasks: readonly GanttTask[], now: number, dark: boolean, t: Words) {
  const { text, line, pale } = inksOf(dark);
  const spans = spansOf(tasks, now);
  const bar = { type: 'bar', stack: 'time', barWidth: 12, emphasis: { disabled: true } };
  return {
    animation: false,
    grid: { left: 190, right: 24, top: 4, bottom: 24 },
    tooltip: {
      ...tooltipOf(dark),
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: ([at]: { dataIndex: number }[]) => {
        const span = spans[at?.dataIndex ?? 0];
        if (!span) return '';
        return `${tasks[at?.dataIndex ?? 0]?.job_type}\n${t.waited} ${duration(span.waited)} · ${t.ran} ${duration(span.ran)}`;
      },
    },
    xAxis: {
      type: 'value',
      axisLabel: { color: text, formatter: (ms: number) => duration(ms) },
      splitLine: { lineStyle: { color: line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: tasks.map(({ job_type }) => job_type),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, width: 170, overflow: 'truncate', interval: 0 },
    },
    series: [
      { ...bar, silent: true, itemStyle: { color: 'transparent' }, data: spans.map(({ after }) => after) },
      { ...bar, itemStyle: { color: pale }, data: spans.map(({ waited }) => waited) },
      {
        ...bar,
        data: spans.map(({ ran }, i) => ({
          value: ran,
          itemStyle: { color: STATUS_INKS[tasks[i]?.status ?? 'pending'] },
        })),
      },
    ],
  };
}
