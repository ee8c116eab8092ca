import type { RunnerDataset } from '../../../src/datasets/dataset.ts';

export default {
  name: 'noop',
  title: { zh: '基准：空任务', en: 'Benchmark: does nothing' },
  modes: ['full'],
  runner: new URL('./runners/noop.ts', import.meta.url).href,
} satisfies RunnerDataset;
