/**
 * The names of partitions in the ledger: values of `each` parameters, then the day, code or other value, then the
 * window of a code's history, with a slash between them: `20190108`, `SSE/20190108`, `600000.SH`,
 * `600000.SH/20000101-20191231`. Pure.
 */
import type { FetchPlan } from '../datasets/fetch-plan.ts';

const BETWEEN = '/';

export interface PartitionParts {
  /** Parameters walked through, by name. */
  each: Record<string, string>;
  /** The day, year, code, value … */
  value: string;
  /** First and last day of a code's window; null where its history is not cut. */
  window: { first: string; last: string } | null;
}

/** Takes a partition's name apart. */
export function partsOf(fetch: FetchPlan, partition: string): PartitionParts {
  const parts = partition.split(BETWEEN);
  const names = Object.keys(fetch.each ?? {});
  const each = Object.fromEntries(names.map((name, index) => [name, parts[index] ?? '']));
  const value = parts[names.length] ?? '';
  const [first, last] = (parts[names.length + 1] ?? '').split('-');
  return { each, value, window: first && last ? { first, last } : null };
}

/** The name of a partition from its parts. */
export function partitionName(
  each: readonly string[],
  value: string,
  window?: { first: string; last: string },
): string {
  return [...each, value, ...(window ? [`${window.first}-${window.last}`] : [])].join(BETWEEN);
}

/** What a failure record calls a partition: the code where it has one, else all of it. */
export function codeOf(partition: string): string {
  return partition.split(BETWEEN).find((part) => /^[A-Z0-9]+\.[A-Z]{2,4}$/.test(part)) ?? partition;
}

/** All combinations of the values of `each`, in the order they are declared; one empty one without any. */
export function eachCombination({ each = {} }: FetchPlan): string[][] {
  return Object.values(each).reduce<string[][]>(
    (combinations, values) => combinations.flatMap((known) => values.map((value) => [...known, value])),
    [[]],
  );
}
