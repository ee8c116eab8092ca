/** Bars and lines over time, in a file of their own that is loaded with the first of them. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';

use([BarChart, LineChart, GridComponent, TooltipComponent]);

export { default } from './chart.tsx';
