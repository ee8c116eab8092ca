/** Who is logged in, and the way out. Nothing where no log-in is needed. */
import { ActionIcon, Menu, Text } from '@mantine/core';
import { useLogout, useSession } from '../api/session.ts';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/language.tsx';
import { sessionWords } from '../words/session.ts';

export function Account() {
  const t = useWords(sessionWords);
  const { data } = useSession();
  const { mutate } = useLogout();
  if (data?.via !== 'session') return null;
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t.account(data.name)}>
          <Icon name="key" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600}>
            {data.name}
          </Text>
          <Text size="xs">
            {t.role}: {t.roles[data.role]}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => mutate()}>{t.logout}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
