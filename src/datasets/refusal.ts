/** Which datasets are declared but can't be run, and why. Pure. */
import type { TableDataset } from './dataset.ts';

/** Why a submission is refused whatever it asks for; null: it is not. */
export function refusalOf(dataset: TableDataset): string | null {
  if (dataset.retired && !dataset.retired.answers) return retirement(dataset.retired);
  const missing = missingOf(dataset);
  return missing && `Dayline can't fetch it yet: ${missing}`;
}

/** What a submission that is taken should know; null: nothing. */
export function warningOf(dataset: TableDataset): string | null {
  if (dataset.retired) return retirement(dataset.retired);
  if (dataset.permission === 'separate') return 'TuShare sells the permission for it apart from points';
  return null;
}

function retirement({ reason, use }: NonNullable<TableDataset['retired']>): string {
  return `TuShare has retired it (${reason})${use.length ? `; use ${use.join(' or ')}` : ''}`;
}

/** What the planner or the engine still lacks for it. */
function missingOf({ fetch, replaces_partition, snapshot, fields }: TableDataset): string | null {
  if (fetch.by === 'code') return `one call per code of ${fetch.codes.dataset}`;
  if (fetch.by === 'request') return `calls for named symbols (${fetch.wants.join(', ')})`;
  if (fetch.each) return `one call per ${Object.keys(fetch.each).join(' and ')}`;
  if (replaces_partition || fields.some((field) => field.own)) return 'replacing the rows of a day';
  if (snapshot?.vanished === 'deleted') return 'deleting what has left a list';
  return null;
}
