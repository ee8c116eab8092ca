/** Which datasets are declared but no longer answered, and what a submission of one should know. Pure. */
import type { TableDataset } from './dataset.ts';

/** Why a submission is refused whatever it asks for; null: it is not. */
export function refusalOf(dataset: TableDataset): string | null {
  return dataset.retired && !dataset.retired.answers ? retirement(dataset.retired) : null;
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
