/** Bars as an option of ECharts. Red is up, as in China; up candles are hollow, so that colour is not needed to tell. */
import { dashed } from '../coverage/span.ts';
import type { Bars } from './candles.ts';

interface Parts {
  open: string;
  close: string;
  low: string;
  high: string;
  volume: string;
}

const [UP, DOWN] = ['#d9342b', '#1f9d55'];

export function candleOption({ days, prices, volumes }: Bars, dark: boolean, t: Parts) {
  const [text, line] = dark ? ['#c1c2c5', '#3b3f45'] : ['#495057', '#e9ecef'];
  const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: text } };
  const category = { type: 'category', data: days.map(dashed), boundaryGap: true, ...axis };
  return {
    animation: false,
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'cross' },
      backgroundColor: dark ? '#25262b' : '#ffffff',
      borderColor: line,
      textStyle: { color: text },
      formatter: (at: { dataIndex: number }[]) => tip(at[0]?.dataIndex ?? 0, { days, prices, volumes }, t),
    },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 56, right: 12, top: 8, height: '62%' },
      { left: 56, right: 12, top: '74%', height: '12%' },
    ],
    xAxis: [
      { ...category, axisLabel: { show: false } },
      { ...category, gridIndex: 1 },
    ],
    yAxis: [
      { scale: true, splitLine: { lineStyle: { color: line } }, ...axis },
      { gridIndex: 1, splitNumber: 1, splitLine: { show: false }, ...axis, axisLabel: { show: false } },
    ],
    dataZoom: [
      { type: 'inside', xAxisIndex: [0, 1] },
      { type: 'slider', xAxisIndex: [0, 1], height: 18, bottom: 4, textStyle: { color: text } },
    ],
    series: [
      {
        type: 'candlestick',
        data: prices,
        large: true,
        itemStyle: {
          color: dark ? '#25262b' : '#ffffff',
          borderColor: UP,
          color0: DOWN,
          borderColor0: DOWN,
        },
      },
      {
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        large: true,
        data: volumes.map((value, at) => {
          const [open, close] = prices[at] ?? [0, 0];
          return { value, itemStyle: { color: close >= open ? UP : DOWN } };
        }),
      },
    ],
  };
}

function tip(at: number, { days, prices, volumes }: Bars, t: Parts): string {
  const [open, close, low, high] = prices[at] ?? [];
  const lines = [
    dashed(days[at] ?? ''),
    `${t.open} ${open}`,
    `${t.high} ${high}`,
    `${t.low} ${low}`,
    `${t.close} ${close}`,
  ];
  const volume = volumes[at];
  if (volume != null) lines.push(`${t.volume} ${volume.toLocaleString()}`);
  return lines.join('<br/>');
}
