import type { RunnerDataset } from '../../../src/datasets/dataset.ts';

export default {
  name: 'spin',
  title: { zh: '基准：死循环', en: 'Benchmark: spins for ever' },
  modes: ['full'],
  runner: new URL('./runners/spin.ts', import.meta.url).href,
} satisfies RunnerDataset;
