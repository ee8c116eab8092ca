/** Spans of time in rows, in a file of their own that is loaded with the first of them. */
import { CustomChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';

use([CustomChart, GridComponent, TooltipComponent]);

export { default } from './chart.tsx';
