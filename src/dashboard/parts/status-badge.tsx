import { Badge } from '@mantine/core';
import type { TaskStatus } from '../api/types.ts';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';

export const STATUS_COLORS: Record<TaskStatus, string> = {
  pending: 'gray',
  running: 'blue',
  completed: 'green',
  failed: 'red',
  cancelled: 'yellow',
};

/** The status of a task or execution. */
export function StatusBadge({ status }: { status: TaskStatus }) {
  const t = useWords(commonWords);
  return (
    <Badge
      color={STATUS_COLORS[status]}
      variant="dot"
      tt="none"
      fw={500}
      w="max-content"
      maw="none"
      style={{ overflow: 'visible' }}
    >
      {t.status[status]}
    </Badge>
  );
}
