/** The first page: whether the data is in, counts, what runs, what was refused, what is left of the budget. */
import { Card, Grid, Stack, Title } from '@mantine/core';
import { useLimits, useTasks } from '../../api/queries.ts';
import { Budget } from '../../parts/budget.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';
import { SubmitButton } from '../datasets/submit-dialog.tsx';
import { RUNNING_SHOWN } from './asked.ts';
import { CountsStrip } from './counts-strip.tsx';
import { Failures } from './failures.tsx';
import { FreshnessBoard } from './freshness.tsx';
import { Pace } from './pace.tsx';

export function OverviewPage() {
  const t = useWords(overviewWords);
  const running = useTasks({ status: 'running', limit: RUNNING_SHOWN, offset: 0 });
  const limits = useLimits();
  return (
    <>
      <PageHead title={t.title} hint={t.hint}>
        <SubmitButton />
      </PageHead>
      <FreshnessBoard />
      <CountsStrip />
      <Pace />
      <Grid mt="md">
        <Grid.Col span={{ base: 12, lg: 9 }}>
          <Stack>
            <Card withBorder padding="sm">
              <Title order={3} size="h5" mb="xs">
                {t.runningNow}
              </Title>
              <Loaded query={running}>
                {({ tasks }) =>
                  tasks.length === 0 ? (
                    <Empty title={t.nothingRuns}>{t.nothingRunsHint}</Empty>
                  ) : (
                    <TaskTable tasks={tasks} />
                  )
                }
              </Loaded>
            </Card>
            <Failures />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 3 }}>
          <Card withBorder>
            <Title order={3} size="h5">
              {t.budget}
            </Title>
            <Loaded query={limits}>{({ pools: [token] }) => token && <Budget pool={token} />}</Loaded>
          </Card>
        </Grid.Col>
      </Grid>
    </>
  );
}
