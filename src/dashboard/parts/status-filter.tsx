import { SegmentedControl, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { TASK_STATUSES, type TaskStatus } from '../api/types.ts';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { taskWords } from '../words/tasks.ts';
import { PHONE } from './task-table.tsx';

/** One status, or all of them. */
export function StatusFilter({
  of = TASK_STATUSES,
  value,
  onChange,
}: {
  of?: readonly TaskStatus[];
  value: string | undefined;
  onChange: (status: string | undefined) => void;
}) {
  const t = useWords(commonWords);
  const label = useWords(taskWords).status;
  const phone = useMediaQuery(PHONE, window.matchMedia(PHONE).matches);
  const data = [
    { value: 'all', label: t.all },
    ...of.map((status) => ({ value: status, label: t.status[status] })),
  ];
  const choose = (chosen: string | null) => onChange(chosen === 'all' || !chosen ? undefined : chosen);
  const props = { value: value ?? 'all', onChange: choose, data, 'aria-label': label };
  return phone ? (
    <Select {...props} allowDeselect={false} w="100%" />
  ) : (
    <SegmentedControl {...props} size="xs" />
  );
}
