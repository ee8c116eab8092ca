/** What limits single APIs: closures, their own windows, the calls of the day. */
import { Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useReopen } from '../../api/actions.ts';
import type { Limits } from '../../api/types.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { TimeAgo } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';

export function Closures({ closures }: { closures: Limits['closures'] }) {
  const t = useWords(overviewWords);
  const { mutateAsync } = useReopen();
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="xs">
        {t.closures}
      </Title>
      {closures.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.noClosures}
        </Text>
      )}
      <Stack gap="sm">
        {closures.map(({ scope, reason, until }) => (
          <Group key={scope} justify="space-between" wrap="nowrap" align="flex-start">
            <Stack gap={0} miw={0}>
              <Text size="sm" fw={500}>
                {scope === 'all' ? t.everything : scope}{' '}
                <Text span size="xs" c="dimmed">
                  {until ? (
                    <>
                      {t.until} <TimeAgo at={until} />
                    </>
                  ) : (
                    t.untilReopened
                  )}
                </Text>
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {reason}
              </Text>
            </Stack>
            <ConfirmButton
              label={t.reopen}
              question={t.reopenAsk}
              done={t.reopenDone}
              act={() => mutateAsync(scope)}
            />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

/** The windows of single APIs; the token's has its gauge. */
export function Pools({ pools }: { pools: Limits['pools'] }) {
  const t = useWords(overviewWords);
  if (pools.length === 0) return null;
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="xs">
        {t.apiLimits}
      </Title>
      <Stack gap={6}>
        {pools.map(({ kind, api_name, used, limit, window_seconds }) => (
          <Group key={`${kind} ${api_name}`} gap="xs" wrap="nowrap">
            <Text size="sm" flex={1} truncate>
              {api_name}
            </Text>
            <Progress value={(used / limit) * 100} w={90} aria-label={`${api_name}: ${used}/${limit}`} />
            <Text size="xs" className="nums line" miw={104} ta="right">
              {used} / {limit} · {window_seconds} s
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

export function Quotas({ quotas }: { quotas: Limits['quotas'] }) {
  const t = useWords(overviewWords);
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="xs">
        {t.quotas}
      </Title>
      {quotas.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.noQuotas}
        </Text>
      )}
      {quotas.map(({ api_name, calls_today, quota }) => (
        <Group key={api_name} justify="space-between">
          <Text size="sm">{api_name}</Text>
          <Text size="sm" className="nums">
            {calls_today.toLocaleString()}
            {quota !== null && ` / ${quota.toLocaleString()}`}
          </Text>
        </Group>
      ))}
    </Card>
  );
}
