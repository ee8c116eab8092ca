/** Bars along an axis, in a file of their own that is loaded with the first of them. */
import { BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';

use([BarChart, GridComponent, TooltipComponent]);

export { default } from './chart.tsx';
