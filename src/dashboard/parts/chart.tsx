/** One chart of ECharts, with only the parts that are used. */
import { GaugeChart } from 'echarts/charts';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([GaugeChart, CanvasRenderer]);

export default function Chart({
  option,
  height,
  label,
  onPick,
}: {
  option: EChartsCoreOption;
  height: number;
  label: string;
  /** Somebody clicked what a series has at a place. */
  onPick?: (series: number, at: number) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const made = init(element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => chart.current?.setOption(option), [option]);
  useEffect(() => {
    chart.current?.off('click');
    chart.current?.on('click', ({ seriesIndex, dataIndex }) => onPick?.(seriesIndex ?? 0, dataIndex));
  }, [onPick]);
  return <div ref={place} className="chart" style={{ height }} role="img" aria-label={label} />;
}
