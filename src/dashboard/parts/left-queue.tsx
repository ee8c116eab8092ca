import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../words/language.tsx';
import { listWords } from '../words/lists.ts';

/** Says that what is shown is told by the history, and what that means for it. */
export function LeftQueue({ children }: { children: ReactNode }) {
  const t = useWords(listWords);
  return (
    <Alert color="gray" variant="light" title={t.leftQueue}>
      {children}
    </Alert>
  );
}
