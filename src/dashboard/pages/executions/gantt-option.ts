/** Tasks of an execution along time as an option of ECharts: a pale bar while one waited, a coloured one while it ran. */
import type { TaskStatus } from '../../api/types.ts';
import { duration } from '../../parts/time.tsx';
import { type GanttTask, spansOf } from './spans.ts';

interface Words {
  waited: string;
  ran: string;
}

const COLORS: Record<TaskStatus, string> = {
  pending: '#868e96',
  running: '#1c7ed6',
  completed: '#2b8a3e',
  failed: '#e03131',
  cancelled: '#e67700',
};

export function ganttOption(tasks: readonly GanttTask[], now: number, dark: boolean, t: Words) {
  const [text, line, pale] = dark ? ['#c1c2c5', '#3b3f45', '#3b3f45'] : ['#495057', '#e9ecef', '#dee2e6'];
  const spans = spansOf(tasks, now);
  const bar = { type: 'bar', stack: 'time', barWidth: 12, emphasis: { disabled: true } };
  return {
    animation: false,
    grid: { left: 190, right: 24, top: 4, bottom: 24 },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      renderMode: 'richText', // a job type may be anybody's text
      backgroundColor: dark ? '#25262b' : '#ffffff',
      borderColor: line,
      textStyle: { color: text },
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
          itemStyle: { color: COLORS[tasks[i]?.status ?? 'pending'] },
        })),
      },
    ],
  };
}
