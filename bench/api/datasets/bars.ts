import daily from '../../../src/datasets/daily-close/daily.ts';
import type { TableDataset } from '../../../src/datasets/dataset.ts';

/**
 * `daily` under another name: only one task of a type runs at a time, and here every thread has one. By days alone: a
 * month of it is a call or two and all the rows, where groups of codes would wait for a whole block.
 */
export function bars(name: string): TableDataset {
  const { codes: _, ...fetch } = daily.fetch;
  return { ...daily, name, fetch, group: 'own', title: { zh: `基准：${name}`, en: `Benchmark: ${name}` } };
}
