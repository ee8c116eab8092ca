/** Candles and volume, in a file of their own that is loaded with the first K-line. */
import { BarChart, CandlestickChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';

use([CandlestickChart, BarChart, GridComponent, TooltipComponent, DataZoomComponent]);

export { default } from './chart.tsx';
