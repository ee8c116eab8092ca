/** The frame: navigation, the state of the connection, language and theme; on a phone the navigation folds away. */
import { Anchor, AppShell, Burger, Container, Group, NavLink, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { PAGES } from '../pages.ts';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/language.tsx';
import { shellWords } from '../words/shell.ts';
import { Account } from './account.tsx';
import { Alarms } from './alarms.tsx';
import { LanguageSwitch, ThemeSwitch } from './choices.tsx';
import { LiveBadge } from './live-badge.tsx';
import { Palette } from './palette.tsx';
import { Shortcuts } from './shortcuts.tsx';

export function Shell({ children }: { children: ReactNode }) {
  const t = useWords(shellWords);
  const [opened, { toggle, close }] = useDisclosure(false);
  const [location] = useLocation();
  const isHere = (path: string) => (path === '/' ? location === '/' : location.startsWith(path));
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <AppShell.Header px={{ base: 'xs', sm: 'md' }}>
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t.menu} />
            <Link href="/" className="quiet-link">
              <Group gap={6} wrap="nowrap" align="baseline">
                <Title order={1} size="h4">
                  Dayline
                </Title>
                <Text c="dimmed" size="sm" visibleFrom="xs">
                  日线
                </Text>
              </Group>
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LiveBadge />
            <Palette />
            <LanguageSwitch />
            <ThemeSwitch />
            <Account />
            <Shortcuts />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t.menu}>
        {PAGES.map(({ name, path }) => (
          <NavLink
            key={name}
            component={Link}
            href={path}
            label={t.pages[name]}
            active={isHere(path)}
            leftSection={<Icon name={name} />}
            onClick={close}
            aria-current={isHere(path) ? 'page' : undefined}
          />
        ))}
        <Anchor href="/docs" size="sm" mt="auto" p="sm">
          {t.api}
        </Anchor>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Container size={1280} p={0}>
          <Alarms />
          <ErrorBoundary key={location}>{children}</ErrorBoundary>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
