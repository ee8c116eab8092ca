/** Who did what, the last first. */
import { Anchor, Badge, Card, Code, Group, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ActionView } from '../../../api/actions.ts';
import { useActionLog } from '../../api/actions-log.ts';
import { More } from '../../parts/more.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { TimeAgo } from '../../parts/time.tsx';
import { actionWords } from '../../words/actions.ts';
import { useWords } from '../../words/language.tsx';

const TYPED_MS = 300;

export function ActionLogCard() {
  const t = useWords(actionWords);
  const [actor, setActor] = useState('');
  const [target, setTarget] = useState('');
  const [filter] = useDebouncedValue({ actor: actor.trim(), target: target.trim() }, TYPED_MS);
  const query = useActionLog(filter);
  return (
    <Card withBorder component="section" aria-label={t.title} mt="md">
      <Group justify="space-between" align="flex-end" mb="xs">
        <div>
          <Title order={3} size="h5">
            {t.title}
          </Title>
          <Text size="sm" c="dimmed">
            {t.hint}
          </Text>
        </div>
        <Group gap="xs">
          <TextInput
            size="xs"
            aria-label={t.byActor}
            placeholder={t.byActor}
            value={actor}
            onChange={(event) => setActor(event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            aria-label={t.byTarget}
            placeholder={t.byTarget}
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value)}
          />
        </Group>
      </Group>
      <Loaded query={query} lines={5}>
        {({ pages }) => {
          const actions = pages.flatMap((page) => page.actions);
          const waiting = pages[0]?.waiting ?? 0;
          return (
            <>
              {waiting > 0 && (
                <Text size="sm" c="orange">
                  {t.waiting(waiting)}
                </Text>
              )}
              {actions.length === 0 ? <Empty title={t.empty} /> : <Actions actions={actions} />}
              <More query={query} label={t.more} />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Actions({ actions }: { actions: ActionView[] }) {
  const t = useWords(actionWords);
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.at}</Table.Th>
            <Table.Th>{t.who}</Table.Th>
            <Table.Th>{t.what}</Table.Th>
            <Table.Th>{t.target}</Table.Th>
            <Table.Th>{t.outcome}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {actions.map(({ id, at, actor, address, method, route, target, status, outcome }) => (
            <Table.Tr key={id}>
              <Table.Td className="line">
                <TimeAgo at={at} />
              </Table.Td>
              <Table.Td>
                {actor}{' '}
                <Text span size="xs" c="dimmed">
                  {address}
                </Text>
              </Table.Td>
              <Table.Td>
                <Code>
                  {method} {route.replace('/api/v1', '')}
                </Code>
              </Table.Td>
              <Table.Td>
                <Target route={route} target={target} />
              </Table.Td>
              <Table.Td>
                <Badge variant="light" tt="none" color={status < 400 ? 'green' : 'orange'}>
                  {outcome}
                </Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Tasks and executions have a page to go to. */
function Target({ route, target }: Pick<ActionView, 'route' | 'target'>) {
  const [, page] = /^\/api\/v1\/(tasks|executions)\b/.exec(route) ?? [];
  if (target === null) return null;
  if (!page) return target;
  return (
    <Anchor component={Link} href={`/${page}/${encodeURIComponent(target)}`} size="sm">
      {target}
    </Anchor>
  );
}
