/** Whether everything is well, and what limits the calls. */
import { Alert, Card, Grid, Stack, Text, Title } from '@mantine/core';
import { useHealth, useLimits } from '../../api/queries.ts';
import type { Health } from '../../api/types.ts';
import { Budget } from '../../parts/budget.tsx';
import { Fields } from '../../parts/fields.tsx';
import { Icon } from '../../parts/icons.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';
import { reasonWords } from '../../words/reasons.ts';
import { ActionLogCard } from './action-log-card.tsx';
import { Closures, Pools, Quotas } from './limit-cards.tsx';

export function SystemPage() {
  const t = useWords(overviewWords);
  const health = useHealth();
  const limits = useLimits();
  return (
    <>
      <PageHead title={t.system} hint={t.systemHint} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Loaded query={health} lines={6}>
            {(health) => (
              <Stack>
                <Verdict health={health} />
                <Parts health={health} />
              </Stack>
            )}
          </Loaded>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Loaded query={limits} lines={6}>
            {(limits) => (
              <Stack>
                <Card withBorder>
                  <Title order={3} size="h5">
                    {t.budget}
                  </Title>
                  {limits.pools[0] && <Budget pool={limits.pools[0]} />}
                </Card>
                <Closures closures={limits.closures} />
                <Pools pools={limits.pools.slice(1)} />
                <Quotas quotas={limits.quotas} />
              </Stack>
            )}
          </Loaded>
        </Grid.Col>
      </Grid>
      <ActionLogCard />
    </>
  );
}

function Verdict({ health }: { health: Health }) {
  const t = useWords(overviewWords);
  const { language } = useLanguage();
  if (health.reasons.length === 0)
    return (
      <Alert color="green" icon={<Icon name="check" />} title={t.allWell}>
        {t.allWellHint}
      </Alert>
    );
  return (
    <Alert color="orange" icon={<Icon name="alert" />} title={t.needsAttention}>
      {health.reasons.map(({ code, message }) => (
        <Text size="sm" key={code}>
          {reasonWords(language, code, message)}
        </Text>
      ))}
    </Alert>
  );
}

function Parts({ health }: { health: Health }) {
  const t = useWords(overviewWords);
  const { queue, redis, postgres, supervisors, audit } = health;
  const there = (available: boolean) => (
    <Text span size="sm" fw={500} c={available ? 'green' : 'red'}>
      {available ? t.available : t.away}
    </Text>
  );
  const depth = queue.depth && `${queue.depth.high} / ${queue.depth.normal} / ${queue.depth.low}`;
  return (
    <Card withBorder>
      <Fields
        of={[
          [t.queue, there(queue.available)],
          [t.appendOnly, t.appendOnlyWords[redis.append_only]],
          [t.eviction, t.evictionWords[redis.eviction]],
          [t.database, there(postgres.available)],
          [
            t.supervisors,
            supervisors.alive !== null && t.aliveOf(supervisors.alive, supervisors.threads ?? 0),
          ],
          [t.history, audit.waiting !== null && t.historyWaiting(audit.waiting)],
          [t.depth, depth],
          [t.running, queue.running],
          [t.retrying, queue.delayed],
          [t.parked, queue.parked],
          [t.blocked, queue.blocked],
        ]}
      />
    </Card>
  );
}
