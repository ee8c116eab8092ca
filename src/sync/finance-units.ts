/** Units of the finance jobs: one call for each stock and dataset, unless its history is cut into windows. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { shanghaiClock } from '../datasets/dates.ts';
import type { ByCode, FetchPlan } from '../datasets/fetch-plan.ts';
import type { RunUnit } from './job.ts';
import { partitionName } from './partition.ts';
import { type KnownCode, planCodes } from './plan-codes.ts';

type Datasets = ReadonlyMap<string, TableDataset>;

/** Rows a year of statements: four, and restated ones. */
const ROWS_PER_YEAR = 12;

/**
 * The history of these stocks. The statements are selected by the day they were announced, the indicators by period.
 * @param dates YYYYMMDD; without an end until the end of this year, so that the units are named alike all year
 */
export function sinceUnits(
  datasets: Datasets,
  codes: readonly KnownCode[],
  dates: { start_date: string; end_date?: string },
  now: Date,
): RunUnit[] {
  const span = { end_date: `${shanghaiClock(now).date.slice(0, 4)}1231`, ...dates };
  return [...datasets.values()].flatMap((dataset) => {
    const fetch = dataset.fetch as ByCode;
    const window = fetch.window ?? { date_field: 'ann_date', rows_per_year: ROWS_PER_YEAR };
    const each = Object.fromEntries(firstOfEach(fetch).map(([name, value]) => [name, [value]]));
    const units = planCodes(dataset, { ...fetch, window, each }, span, codes, now);
    return units.map((unit) => ({ dataset: dataset.name, ...unit }));
  });
}

/** One report period of these stocks. That one has no row yet is nothing unusual. */
export function periodUnits(datasets: Datasets, codes: readonly string[], period: string): RunUnit[] {
  return [...datasets.values()].flatMap((dataset) => {
    const each = firstOfEach(dataset.fetch).map(([, value]) => value);
    return codes.map((code) => ({
      dataset: dataset.name,
      partitions: [`${partitionName(each, code)}/${periodPart(period)}`],
      expected: [0],
      params: { period },
    }));
  });
}

/** The last part of the names of {@link periodUnits}' partitions. */
export const periodPart = (period: string): string => `period_${period}`;

/** Of the report types the consolidated one, the first, which is what TuShare answers by default. */
const firstOfEach = ({ each = {} }: FetchPlan): [name: string, value: string][] =>
  Object.entries(each).map(([name, values]) => [name, values[0] as string]);
