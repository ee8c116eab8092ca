/** Where a list looks: in the queue, or in the history. */
import { SegmentedControl } from '@mantine/core';
import type { Place } from '../api/found.ts';
import { ENDED_STATUSES, type TaskStatus } from '../api/types.ts';
import { useWords } from '../words/language.tsx';
import { listWords } from '../words/lists.ts';
import type { Values } from './url-state.ts';

/** What the address says; the queue unless it is the history. */
export const placeOf = (values: Values): Place => (values.place === 'history' ? 'history' : 'queue');

export function PlaceFilter({
  value,
  status,
  change,
}: {
  value: Place;
  status: string | undefined;
  change: (change: Values) => void;
}) {
  const t = useWords(listWords);
  const go = (place: string) => {
    if (place === 'queue') return change({ place: undefined });
    // what waits or runs is not in the history
    const ended = ENDED_STATUSES.some((one: TaskStatus) => one === status);
    change({ place, ...(!ended && { status: undefined }) });
  };
  const data = (['queue', 'history'] as const).map((place) => ({ value: place, label: t.places[place] }));
  return <SegmentedControl aria-label={t.place} size="xs" data={data} value={value} onChange={go} />;
}
