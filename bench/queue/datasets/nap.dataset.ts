import type { RunnerDataset } from '../../../src/datasets/dataset.ts';

export default {
  name: 'nap',
  title: { zh: '基准：小睡', en: 'Benchmark: sleeps for params.ms' },
  modes: ['full'],
  runner: new URL('./runners/nap.ts', import.meta.url).href,
} satisfies RunnerDataset;
