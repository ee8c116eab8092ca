import '../heap-watch.ts';
import daily from '../../../src/datasets/daily-close/daily.ts';
import type { TableDataset } from '../../../src/datasets/dataset.ts';

/** `daily` under another name, so that two of it run at once, and with one call a day, as in each Python tool. */
export function bars(name: string): TableDataset {
  const { by, date_field, ranges } = daily.fetch;
  const fetch = { by, date_field, ranges };
  return { ...daily, name, group: 'own', title: { zh: `基准：${name}`, en: `Benchmark: ${name}` }, fetch };
}
