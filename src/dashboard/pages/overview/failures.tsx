/** What has failed lately, one line for each kind. */
import { Anchor, Badge, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { useTasks } from '../../api/queries.ts';
import { Empty, Loaded } from '../../parts/states.tsx';
import { TimeAgo } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';
import { taskErrorWords } from '../../words/task-errors.ts';
import { FAILED_LOOKED_AT } from './asked.ts';
import { type FailureGroup, groupFailures } from './failure-groups.ts';

const SHOWN = 6;

export function Failures() {
  const t = useWords(overviewWords);
  const query = useTasks({ status: 'failed', limit: FAILED_LOOKED_AT, offset: 0 });
  const groups = useMemo(() => groupFailures(query.data?.tasks ?? []), [query.data]);
  const hidden = groups.slice(SHOWN);
  return (
    <Card withBorder padding="sm" component="section" aria-label={t.failures}>
      <Title order={3} size="h5" mb="xs">
        {t.failures}{' '}
        {query.data && query.data.total > FAILED_LOOKED_AT && (
          <Text span size="sm" c="dimmed" fw={400} className="nums">
            {t.failuresOf(FAILED_LOOKED_AT, query.data.total)}
          </Text>
        )}
      </Title>
      <Loaded query={query}>
        {() =>
          groups.length === 0 ? (
            <Empty title={t.failuresNone}>{t.failuresNoneHint}</Empty>
          ) : (
            <Stack gap="xs">
              {groups.slice(0, SHOWN).map((group) => (
                <Line group={group} key={group.key} />
              ))}
              {hidden.length > 0 && (
                <Anchor component={Link} size="sm" href="/tasks?status=failed">
                  {t.failuresMore(
                    hidden.length,
                    hidden.reduce((sum, { count }) => sum + count, 0),
                  )}
                </Anchor>
              )}
            </Stack>
          )
        }
      </Loaded>
    </Card>
  );
}

function Line({ group }: { group: FailureGroup }) {
  const t = useWords(overviewWords);
  const meaning = taskErrorWords(useLanguage().language, group.errorType);
  return (
    <Group wrap="nowrap" align="flex-start" gap="sm">
      <Badge color="red" variant="light" w={64} tt="none" style={{ flex: 'none' }} className="nums">
        {t.times(group.count)}
      </Badge>
      <Stack gap={0} miw={0}>
        <Group gap={6}>
          <Anchor component={Link} size="sm" fw={500} href={`/tasks?status=failed&job_type=${group.jobType}`}>
            {group.jobType}
          </Anchor>
          <Code>{group.errorType}</Code>
          <Text size="xs" c="dimmed" component="span">
            {t.lastSeen}{' '}
            <Anchor component={Link} size="xs" href={`/tasks/${group.newest.task_id}`}>
              <TimeAgo at={group.newest.updated_at} />
            </Anchor>
          </Text>
        </Group>
        {meaning && <Text size="xs">{meaning}</Text>}
        <Text size="xs" c="dimmed" lineClamp={2}>
          {group.message}
        </Text>
      </Stack>
    </Group>
  );
}
