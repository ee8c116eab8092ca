/** Filters live in the address, so that it can be kept, shared, and gone back to. */
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { queryText } from '../api/queries.ts';

type Values = Record<string, string | undefined>;

/** @returns the values of the address, and how to change some of them; '' and undefined take one away */
export function useUrlState(): [Values, (change: Values) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const values = useMemo(() => Object.fromEntries(new URLSearchParams(search)) as Values, [search]);
  const change = useCallback(
    (changed: Values) => {
      // another filter starts at its first page
      const next = { ...values, offset: undefined, cursor: undefined, ...changed };
      go(`${path}${queryText(next)}`, { replace: true });
    },
    [values, path, go],
  );
  return [values, change];
}

/** A page number of the address; anything that is none counts as the first. */
export function offsetOf(values: Values): number {
  const offset = Number(values.offset ?? 0);
  return Number.isInteger(offset) && offset >= 0 ? offset : 0;
}
