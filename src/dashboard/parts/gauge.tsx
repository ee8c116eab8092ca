/** The call budget as a gauge. ECharts comes in a file of its own, when the first chart is shown. */
import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';

const Chart = lazy(() => import('./chart.tsx'));
const HEIGHT = 170;

/** @param label what a screen reader says in its place */
export function Gauge({ used, limit, label }: { used: number; limit: number; label: string }) {
  const dark = useComputedColorScheme() === 'dark';
  const share = used / Math.max(1, limit);
  const color = share >= 1 ? '#f08c00' : dark ? '#15aabf' : '#0b7285';
  const option = {
    animation: false,
    series: [
      {
        type: 'gauge',
        startAngle: 200,
        endAngle: -20,
        center: ['50%', '62%'],
        radius: '96%',
        min: 0,
        max: limit,
        pointer: { show: false },
        progress: { show: used > 0, width: 16, roundCap: true, itemStyle: { color } },
        axisLine: { roundCap: true, lineStyle: { width: 16, color: [[1, dark ? '#3b3b3b' : '#e9ecef']] } },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { show: false },
        detail: {
          offsetCenter: [0, 0],
          fontSize: 34,
          fontWeight: 600,
          color: dark ? '#e9ecef' : '#212529',
          formatter: '{value}',
        },
        title: { offsetCenter: [0, 34], fontSize: 13, color: dark ? '#a6a7ab' : '#5c6066' },
        data: [{ value: used, name: `/ ${limit}` }],
      },
    ],
  };
  return (
    <Suspense fallback={<Skeleton height={HEIGHT} />}>
      <Chart option={option} height={HEIGHT} label={label} />
    </Suspense>
  );
}
