/** A button that changes something: of no use to who may only read, and then it says so. */
import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMayAct } from '../api/session.ts';
import { useWords } from '../words/language.tsx';
import { sessionWords } from '../words/session.ts';

export interface ActButtonProps extends ButtonProps {
  children: ReactNode;
  type?: 'button' | 'submit';
  onClick?: () => void;
}

export function ActButton(props: ActButtonProps) {
  const t = useWords(sessionWords);
  const mayAct = useMayAct();
  if (mayAct) return <Button {...props} />;
  const { onClick: _, ...shown } = props;
  return (
    <Tooltip label={t.readOnly}>
      {/* not `disabled`: that could be neither focused nor explained */}
      <Button {...shown} type="button" data-disabled aria-disabled="true" aria-description={t.readOnly} />
    </Tooltip>
  );
}
