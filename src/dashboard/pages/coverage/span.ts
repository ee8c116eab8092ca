/** The span of the heatmap as it stands in the address: `` (the last twelve months), `2025`, `2025-03`, `all`. */
import type { GridQuery } from '../../api/data.ts';

export type Zoom = 'month' | 'year' | 'all';

const pad = (number: number): string => String(number).padStart(2, '0');
const compact = (date: Date): string =>
  `${date.getUTCFullYear()}${pad(date.getUTCMonth() + 1)}${pad(date.getUTCDate())}`;
const SHANGHAI_MS = 8 * 3_600_000;

/** Today in Shanghai, at midnight UTC. */
function today(now: number): Date {
  const there = new Date(now + SHANGHAI_MS);
  return new Date(Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate()));
}

export function zoomOf(span: string): Zoom {
  if (span === 'all') return 'all';
  return /^\d{4}-\d{2}$/.test(span) ? 'month' : 'year';
}

/** @param narrow a phone, where a year has no room for days */
export function questionOf(span: string, narrow: boolean, now = Date.now()): Omit<GridQuery, 'kept'> {
  const end = today(now);
  const by = narrow ? 'week' : 'day';
  if (span === 'all') return { by: 'month' };
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(span) ?? [];
  if (year && month) {
    const last = new Date(Date.UTC(Number(year), Number(month), 0));
    return { by: 'day', from: `${year}${month}01`, to: compact(last) };
  }
  if (year) return { by, from: `${year}0101`, to: `${year}1231` };
  const from = new Date(end);
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  from.setUTCDate(from.getUTCDate() + 1);
  return { by, from: compact(from), to: compact(end) };
}

/** The span before or after; null where there is none. @param step -1 or 1 */
export function neighbour(span: string, step: number, now = Date.now()): string | null {
  if (span === 'all') return null;
  const thisYear = today(now).getUTCFullYear();
  if (zoomOf(span) === 'month') {
    const at = new Date(`${span}-01T00:00:00Z`);
    at.setUTCMonth(at.getUTCMonth() + step);
    return at > today(now) ? null : `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}`;
  }
  const year = span === '' ? thisYear + (step < 0 ? 0 : 1) : Number(span);
  return year + step > thisYear ? (span === '' ? null : '') : String(year + step);
}

/** This month. */
export const thisMonth = (now = Date.now()): string => {
  const day = today(now);
  return `${day.getUTCFullYear()}-${pad(day.getUTCMonth() + 1)}`;
};

/** 20250314 as 2025-03-14. */
export const dashed = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;

/** A day as people write it; a month, a year or a code as it is. */
export const timeName = (time: string): string => (/^\d{8}$/.test(time) ? dashed(time) : time);
