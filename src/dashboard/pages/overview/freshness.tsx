/** Is today in? Every dataset that is kept, with the latest day that should be there and what is known of it. */
import { Badge, Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { type FreshnessAnswer, useFreshness } from '../../api/data.ts';
import { useTasks } from '../../api/queries.ts';
import { Empty, Loaded } from '../../parts/states.tsx';
import { freshnessWords } from '../../words/freshness.ts';
import { useWords } from '../../words/language.tsx';
import { dashed } from '../coverage/span.ts';
import { FAILED_LOOKED_AT, RUNNING_SHOWN } from './asked.ts';
import { FreshnessLine } from './freshness-line.tsx';
import { COLORS, ORDER, type State, stateOf } from './freshness-states.ts';

export function FreshnessBoard() {
  const t = useWords(freshnessWords);
  const running = useTasks({ status: 'running', limit: RUNNING_SHOWN, offset: 0 }).data?.tasks ?? [];
  const failed = useTasks({ status: 'failed', limit: FAILED_LOOKED_AT, offset: 0 }).data?.tasks ?? [];
  const query = useFreshness(running.length > 0);
  return (
    <Card withBorder padding="sm" data-freshness>
      <Loaded query={query} lines={3}>
        {(answer) => (
          <>
            <Head answer={answer} />
            {answer.datasets.length === 0 ? (
              <Empty title={t.none}>{t.noneHint}</Empty>
            ) : (
              <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing={6} verticalSpacing={6} mt="xs">
                {[...answer.datasets]
                  .sort((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)))
                  .map((row) => (
                    <FreshnessLine
                      key={row.dataset}
                      row={row}
                      today={answer.today}
                      running={running.find(({ dataset }) => dataset === row.dataset)}
                      failed={failed.find(
                        ({ dataset, retried_as }) => dataset === row.dataset && retried_as === null,
                      )}
                    />
                  ))}
              </SimpleGrid>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Head({ answer: { today, trading_day, datasets } }: { answer: FreshnessAnswer }) {
  const t = useWords(freshnessWords);
  const count = (state: State) => datasets.filter((row) => stateOf(row) === state).length;
  const day = trading_day === null ? t.dayUnknown : trading_day ? t.tradingDay : t.closedDay;
  return (
    <Group justify="space-between" gap="xs">
      <Title order={3} size="h5">
        {t.title}{' '}
        <Text span size="sm" c="dimmed" fw={400} className="nums">
          {dashed(today)} · {day}
        </Text>
      </Title>
      <Group gap={6}>
        {ORDER.filter((state) => count(state) > 0).map((state) => (
          <Badge key={state} color={COLORS[state]} variant="light" tt="none" className="nums">
            {count(state)} {t.states[state]}
          </Badge>
        ))}
      </Group>
    </Group>
  );
}
