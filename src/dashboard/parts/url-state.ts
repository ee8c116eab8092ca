/** Filters live in the address, so that it can be kept, shared, and gone back to. */
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { queryText } from '../api/queries.ts';

export type Values = Record<string, string | undefined>;

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

const DAY_MS = 86_400_000;

/** The days of the address as moments: the first begins, the last is over, in Shanghai. What is no day counts as none. */
export function spanOf({ from, to }: Values): { from: string | undefined; to: string | undefined } {
  return { from: midnightOf(from, 0), to: midnightOf(to, DAY_MS) };
}

/** The same for people: "2026-11-01 – …"; '' when there is none. */
export function daysText(values: Values): string {
  const { from, to } = spanOf(values);
  return from || to ? `${from ? values.from : '…'} – ${to ? values.to : '…'}` : '';
}

function midnightOf(day: string | undefined, later_ms: number): string | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(day ?? '') ? Date.parse(`${day}T00:00:00+08:00`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms + later_ms).toISOString();
}

/** A page number of the address; anything that is none counts as the first. */
export function offsetOf(values: Values): number {
  const offset = Number(values.offset ?? 0);
  return Number.isInteger(offset) && offset >= 0 ? offset : 0;
}
