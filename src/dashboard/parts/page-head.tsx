import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';

/** Title of a page (also of the browser's tab), what it is in a line, and what can be done there. */
export function PageHead({
  title,
  hint,
  back,
  children,
}: {
  title: string;
  hint?: ReactNode;
  back?: { path: string; label: string };
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Dayline`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-end" mb="md" gap="sm">
      <Stack gap={2} miw={0} maw="100%">
        {back && (
          <Anchor component={Link} href={back.path} size="sm">
            ‹ {back.label}
          </Anchor>
        )}
        <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {hint && (
          <Text size="sm" c="dimmed" component="div">
            {hint}
          </Text>
        )}
      </Stack>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
