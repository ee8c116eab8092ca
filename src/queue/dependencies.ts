/** Puts the tasks of an execution into an order in which each comes after what it needs. Pure. */
import { ApiError } from '../errors.ts';
import { allFaults } from '../faults.ts';
import { DEPENDENCIES_AT_MOST } from './execution.ts';

/** Something with a name that may need others. */
export interface Dependent {
  /** None: nothing can need it. */
  key?: string | undefined;
  depends_on?: readonly string[] | undefined;
}

/** One entry in its new place, and the places of what it needs. */
export interface Ordered<T> {
  entry: T;
  needs: number[];
}

/**
 * Keeps the given order wherever it can.
 * @throws ApiError INVALID_PARAMS naming every key that is taken twice or unknown, or else a circle
 */
export function inOrder<T extends Dependent>(entries: readonly T[]): Ordered<T>[] {
  const byKey = new Map<string, T>();
  const faults: string[] = [];
  for (const entry of entries) {
    if (entry.key === undefined) continue;
    if (byKey.has(entry.key)) faults.push(`the key ${entry.key} is used twice`);
    byKey.set(entry.key, entry);
  }
  const needsOf = new Map(entries.map((entry) => [entry, neededBy(entry, byKey, faults)]));
  if (faults.length > 0) throw invalid(allFaults(faults));
  const count = [...needsOf.values()].reduce((sum, needs) => sum + needs.length, 0);
  if (count > DEPENDENCIES_AT_MOST)
    throw invalid(`there are ${count} dependencies, at most ${DEPENDENCIES_AT_MOST} go into one execution`);

  const places = new Map<T, number>();
  const ordered: Ordered<T>[] = [];
  const path = new Set<T>();
  // With a stack of its own: a chain of a thousand tasks would be a thousand calls deep.
  const place = (first: T) => {
    const stack = [first];
    for (let entry = stack.at(-1); entry; entry = stack.at(-1)) {
      path.add(entry);
      const missing = needsOf.get(entry)?.find((need) => !places.has(need));
      if (missing && path.has(missing)) throw invalid(circle(stack, missing));
      if (missing) {
        stack.push(missing);
        continue;
      }
      stack.pop();
      path.delete(entry);
      if (places.has(entry)) continue;
      places.set(entry, ordered.length);
      const needs = (needsOf.get(entry) ?? []).map((need) => places.get(need) as number);
      ordered.push({ entry, needs: needs.sort((a, b) => a - b) });
    }
  };
  for (const entry of entries) if (!places.has(entry)) place(entry);
  return ordered;
}

function neededBy<T extends Dependent>(entry: T, byKey: ReadonlyMap<string, T>, faults: string[]): T[] {
  return [...new Set(entry.depends_on)].flatMap((key) => {
    const need = byKey.get(key);
    if (need !== undefined) return [need];
    faults.push(`${entry.key ?? 'a task'} depends on ${key}, which no task has as its key`);
    return [];
  });
}

function circle(path: readonly Dependent[], back: Dependent): string {
  const keys = [...path.slice(path.indexOf(back)), back].map(({ key }) => key);
  const shown = keys.length > 12 ? [...keys.slice(0, 10), '…', keys.at(-1)] : keys;
  return `the tasks wait for each other in a circle: ${shown.join(' needs ')}`;
}

const invalid = (message: string): ApiError => new ApiError('INVALID_PARAMS', `This can't run: ${message}.`);
