/** A button that asks before it does something, and says afterwards what was done. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { commonWords } from '../words/common.ts';
import { errorText } from '../words/errors.ts';
import { useLanguage, useWords } from '../words/language.tsx';
import { ActButton } from './act-button.tsx';

export interface ConfirmButtonProps {
  label: string;
  /** What will happen, and what will not. */
  question: ReactNode;
  /** Said when it is done. */
  done: string;
  act: () => Promise<unknown>;
  color?: string;
  size?: string;
  disabled?: boolean;
}

export function ConfirmButton({
  label,
  question,
  done,
  act,
  color,
  size = 'xs',
  disabled,
}: ConfirmButtonProps) {
  const t = useWords(commonWords);
  const { language } = useLanguage();
  const [opened, { open, close }] = useDisclosure(false);
  // a second Enter by accident must not end anything
  const destroys = color === 'red';
  const confirm = async () => {
    close();
    try {
      await act();
      notifications.show({ message: done, color: 'green' });
    } catch (error) {
      notifications.show({
        title: label,
        message: errorText(language, error as Error),
        color: 'red',
        autoClose: false,
      });
    }
  };
  return (
    <>
      <ActButton size={size} variant="light" color={color} onClick={open} disabled={disabled}>
        {label}
      </ActButton>
      <Modal
        opened={opened}
        onClose={close}
        title={label}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Stack>
          <Text size="sm" component="div">
            {question}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus={destroys || undefined}>
              {t.keep}
            </Button>
            <Button color={color} onClick={confirm} data-autofocus={!destroys || undefined}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
