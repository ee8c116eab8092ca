import daily from '../../../src/datasets/daily-close/daily.ts';
import type { TableDataset } from '../../../src/datasets/dataset.ts';

/** `daily` under another name: only one task of a type runs at a time, and here every thread has one. */
export function bars(name: string): TableDataset {
  return { ...daily, name, group: 'own', title: { zh: `基准：${name}`, en: `Benchmark: ${name}` } };
}
