/** `g` and a letter goes to a page, `/` to its filter, `?` tells all of them. */
import { ActionIcon, Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { PAGES } from '../pages.ts';
import { Icon } from '../parts/icons.tsx';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';
import { paletteWords } from '../words/palette.ts';
import { shellWords } from '../words/shell.ts';

/** The second key must follow so soon, in ms. */
const CHORD_MS = 1_500;

export function Shortcuts() {
  const t = useWords(shellWords);
  const common = useWords(commonWords);
  const palette = useWords(paletteWords);
  const [opened, { open, close }] = useDisclosure(false);
  const [, go] = useLocation();
  const chordUntil = useRef(0);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = PAGES.find(({ key }) => key === event.key);
      if (page && performance.now() < chordUntil.current) go(page.path);
      chordUntil.current = event.key === 'g' ? performance.now() + CHORD_MS : 0;
      if (event.key === '?') open();
      if (event.key === '/') focusFilter(event);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go, open]);

  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t.shortcuts} onClick={open} visibleFrom="sm">
        <Icon name="keyboard" />
      </ActionIcon>
      <Modal
        opened={opened}
        onClose={close}
        title={t.shortcuts}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <Stack gap="xs">
          {PAGES.map(({ name, key }) => (
            <Line key={key} keys={['g', key]} what={t.shortcutGo(t.pages[name])} />
          ))}
          <Line keys={['Ctrl', 'K']} what={palette.shortcut} />
          <Line keys={['/']} what={t.shortcutFilter} />
          <Line keys={['?']} what={t.shortcutHelp} />
        </Stack>
      </Modal>
    </>
  );
}

function Line({ keys, what }: { keys: string[]; what: string }) {
  return (
    <Group justify="space-between">
      <Text size="sm">{what}</Text>
      <Group gap={4}>
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </Group>
    </Group>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

function focusFilter(event: KeyboardEvent): void {
  const filter = document.querySelector<HTMLElement>('[data-filter]');
  if (!filter) return;
  event.preventDefault();
  filter.focus();
}
