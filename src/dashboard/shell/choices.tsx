/** Language and theme; both are remembered by the browser. */
import { ActionIcon, Button, Tooltip, useMantineColorScheme } from '@mantine/core';
import { Icon } from '../parts/icons.tsx';
import { useLanguage, useWords } from '../words/language.tsx';
import { shellWords } from '../words/shell.ts';

export function LanguageSwitch() {
  const t = useWords(shellWords);
  const { language, choose } = useLanguage();
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      lang={language === 'en' ? 'zh-CN' : 'en'}
      title={t.languageHint}
      onClick={() => choose(language === 'en' ? 'zh' : 'en')}
    >
      {t.language}
    </Button>
  );
}

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;

export function ThemeSwitch() {
  const t = useWords(shellWords);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Tooltip label={t.theme[colorScheme]}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t.theme[colorScheme]}
        onClick={() => setColorScheme(NEXT[colorScheme])}
      >
        <Icon name={colorScheme} />
      </ActionIcon>
    </Tooltip>
  );
}
