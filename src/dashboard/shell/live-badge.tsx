/** Whether what is shown is of this moment. */
import { Badge, Tooltip } from '@mantine/core';
import { useLive } from '../live/live.tsx';
import { useWords } from '../words/language.tsx';
import { shellWords } from '../words/shell.ts';

const COLORS = { live: 'green', polling: 'yellow', disconnected: 'red' } as const;

export function LiveBadge() {
  const t = useWords(shellWords);
  const state = useLive();
  return (
    <Tooltip label={t.liveHint[state]} multiline maw={260}>
      <Badge
        variant="dot"
        color={COLORS[state]}
        role="status"
        aria-live="polite"
        data-state={state}
        tt="none"
        fw={500}
        w="max-content"
        maw="none"
        style={{ overflow: 'visible' }}
      >
        {t.live[state]}
      </Badge>
    </Tooltip>
  );
}
