/** The page before anything else, where tokens are set. */
import { Button, Card, Center, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { isLoggedOut, useLogin } from '../api/session.ts';
import { Icon } from '../parts/icons.tsx';
import { errorText } from '../words/errors.ts';
import { useLanguage, useWords } from '../words/language.tsx';
import { sessionWords } from '../words/session.ts';
import { LanguageSwitch, ThemeSwitch } from './choices.tsx';

/** @param again there was a session, and it has ended */
export function LoginScreen({ again }: { again: boolean }) {
  const t = useWords(sessionWords);
  const { language } = useLanguage();
  const { mutate, isPending, error } = useLogin();
  const [token, setToken] = useState('');
  useEffect(() => {
    document.title = `${t.title} · Dayline`;
  }, [t]);
  const login = (event: FormEvent) => {
    event.preventDefault();
    mutate(token.trim());
  };
  const refused = error && (isLoggedOut(error) ? t.wrong : errorText(language, error));
  return (
    <Center component="main" mih="100vh" p="md" className="login">
      <Stack gap="md" w="100%" maw={400}>
        <Group justify="space-between">
          <Group gap={8} align="baseline">
            <Title order={1} size="h2">
              Dayline
            </Title>
            <Text c="dimmed">日线</Text>
          </Group>
          <Group gap={4}>
            <LanguageSwitch />
            <ThemeSwitch />
          </Group>
        </Group>
        <Card withBorder padding="xl" shadow="sm">
          <form onSubmit={login}>
            <Stack>
              <Title order={2} size="h4">
                {t.title}
              </Title>
              <Text size="sm" c="dimmed">
                {again ? t.over : t.text}
              </Text>
              <PasswordInput
                label={t.token}
                value={token}
                onChange={(event) => setToken(event.currentTarget.value)}
                error={refused}
                leftSection={<Icon name="key" size={16} />}
                autoComplete="current-password"
                name="token"
                autoFocus
                required
                withAsterisk={false}
              />
              <Button type="submit" loading={isPending} disabled={token.trim() === ''} fullWidth>
                {t.login}
              </Button>
              <Text size="xs" c="dimmed">
                {t.keeps}
              </Text>
            </Stack>
          </form>
        </Card>
      </Stack>
    </Center>
  );
}
