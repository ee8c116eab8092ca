/** What the page asks about stored data: coverage over time, days, symbols, freshness, rows. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { GapsAnswer } from '../../api/coverage.ts';
import type { DayCoverage, SymbolCoverageAnswer } from '../../api/coverage-day.ts';
import type { CoverageGrid } from '../../api/coverage-grid.ts';
import type { FreshnessAnswer } from '../../api/freshness.ts';
import type { RowsAnswer } from '../../api/rows.ts';
import { api } from './ask.ts';
import { queryText } from './queries.ts';

export type { DayCoverage, SymbolCoverageAnswer } from '../../api/coverage-day.ts';
export type { CoverageGrid, CoverageGridRow } from '../../api/coverage-grid.ts';
export type { FreshnessAnswer, FreshnessRow } from '../../api/freshness.ts';
export type { RowsAnswer } from '../../api/rows.ts';

/** The ledger changes without an event of its own: how often it is asked while something runs, and else. In ms. */
const WHILE_RUNNING_MS = 4_000;
const AT_REST_MS = 30_000;

export interface GridQuery {
  by: CoverageGrid['by'];
  from?: string | undefined;
  to?: string | undefined;
  kept: boolean;
}

/** @param busy whether a task runs, so that cells fill while one looks */
export const useCoverageGrid = ({ kept, ...query }: GridQuery, busy: boolean) =>
  useQuery({
    queryKey: ['coverage-grid', query, kept],
    queryFn: () => api.get<CoverageGrid>(`/coverage${queryText({ ...query, kept: kept ? 'true' : '' })}`),
    placeholderData: keepPreviousData,
    refetchInterval: busy ? WHILE_RUNNING_MS : AT_REST_MS,
  });

export const useFreshness = (busy: boolean) =>
  useQuery({
    queryKey: ['freshness'],
    queryFn: () => api.get<FreshnessAnswer>('/freshness'),
    refetchInterval: busy ? WHILE_RUNNING_MS : AT_REST_MS,
  });

const dataset = (name: string) => `/datasets/${encodeURIComponent(name)}`;

export const useDay = (name: string, date: string) =>
  useQuery({
    queryKey: ['day', name, date],
    queryFn: () => api.get<DayCoverage>(`${dataset(name)}/days/${date}`),
    refetchInterval: AT_REST_MS,
  });

export const useSymbol = (name: string, code: string) =>
  useQuery({
    queryKey: ['symbol', name, code],
    queryFn: () => api.get<SymbolCoverageAnswer>(`${dataset(name)}/symbols/${encodeURIComponent(code)}`),
  });

export const useGaps = (name: string, span: { from: string; to: string }) =>
  useQuery({
    queryKey: ['gaps', name, span],
    queryFn: () => api.get<GapsAnswer>(`${dataset(name)}/gaps${queryText({ ...span, limit: 12 })}`),
  });

export interface RowsFilter {
  ts_code?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  offset: number;
}

const rowsOf = (name: string, filter: RowsFilter) =>
  api.get<RowsAnswer>(`${dataset(name)}/rows${queryText({ ...filter })}`);

export const useRows = (name: string, filter: RowsFilter) =>
  useQuery({
    queryKey: ['rows', name, filter],
    queryFn: () => rowsOf(name, filter),
    placeholderData: keepPreviousData,
  });

/** Rows of one answer, and answers that are asked for at most: thirty years of days. */
const ROWS_AT_ONCE = 500;
const ANSWERS_AT_MOST = 16;

/** All rows of one code since a day, in order; several answers where one does not hold them. */
export const useSeries = (name: string, code: string, from: string) =>
  useQuery({
    queryKey: ['series', name, code, from],
    queryFn: async () => {
      const whole = await rowsOf(name, { ts_code: code, from, limit: ROWS_AT_ONCE, offset: 0 });
      let more = whole.has_more;
      for (let page = 1; more && page < ANSWERS_AT_MOST; page += 1) {
        const offset = page * ROWS_AT_ONCE;
        const next = await rowsOf(name, { ts_code: code, from, limit: ROWS_AT_ONCE, offset });
        whole.rows.push(...next.rows);
        more = next.has_more;
      }
      return whole;
    },
    enabled: name !== '' && code !== '',
    placeholderData: keepPreviousData,
  });
