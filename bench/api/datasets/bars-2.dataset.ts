import { bars } from './bars.ts';

export default bars('bars_2');
