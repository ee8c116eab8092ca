/** Is today in? Every dataset that is kept, with the latest day that should be there and what is known of it. */
import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { type FreshnessAnswer, type FreshnessRow, useFreshness } from '../../api/data.ts';
import { useTasks } from '../../api/queries.ts';
import { Empty, Loaded } from '../../parts/states.tsx';
import { freshnessWords } from '../../words/freshness.ts';
import { type Language, useLanguage, useWords } from '../../words/language.tsx';
import { dashed } from '../coverage/span.ts';

/** As the API has it, and one more: what was never fetched is behind by all its days, but nothing has failed. */
type State = FreshnessRow['state'] | 'never';
const stateOf = ({ state, latest, fetched_at }: FreshnessRow): State =>
  (state === 'behind' && latest === null) || (state === 'snapshot' && fetched_at === null) ? 'never' : state;
const COLORS: Record<State, string> = {
  behind: 'red',
  late: 'orange',
  never: 'blue',
  due: 'gray',
  in: 'green',
  snapshot: 'gray',
};
/** What needs somebody stands first. */
const ORDER = Object.keys(COLORS) as State[];
/** A dot is no word: each state has a sign of its own beside its colour. */
const SIGNS: Record<State, string> = { behind: '✕', late: '!', never: '+', due: '○', in: '✓', snapshot: '–' };

export function FreshnessBoard() {
  const t = useWords(freshnessWords);
  const busy = (useTasks({ status: 'running', limit: 1, offset: 0 }).data?.total ?? 0) > 0;
  const query = useFreshness(busy);
  return (
    <Card withBorder padding="sm" mt="md" data-freshness>
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
                    <Line key={row.dataset} row={row} today={answer.today} />
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

function Line({ row, today }: { row: FreshnessRow; today: string }) {
  const t = useWords(freshnessWords);
  const { language } = useLanguage();
  const state = stateOf(row);
  return (
    <Card withBorder padding={6} className="fresh" data-state={state} data-dataset={row.dataset}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <Badge circle color={COLORS[state]} variant="filled" size="md" aria-label={t.states[state]}>
          {SIGNS[state]}
        </Badge>
        <Stack gap={0} miw={0}>
          <Group gap={6} wrap="nowrap">
            <Anchor component={Link} href={`/coverage?dataset=${row.dataset}`} size="sm" fw={500} truncate>
              {row.dataset}
            </Anchor>
            <Text size="xs" c="dimmed" className="nums line">
              {row.latest && dayName(row.latest)}
            </Text>
          </Group>
          <Text size="xs">{told(row, today, t, language)}</Text>
        </Stack>
      </Group>
    </Card>
  );
}

const dayName = (time: string): string => (time.length === 8 ? dashed(time) : time);

/** An instant as a person in Shanghai says it: the time of today, else with the day. */
function clock(instant: string, today: string, language: Language): string {
  const at = new Date(instant);
  const zone = { timeZone: 'Asia/Shanghai' } as const;
  const day = new Intl.DateTimeFormat('sv-SE', { ...zone, dateStyle: 'short' }).format(at);
  const time = new Intl.DateTimeFormat('sv-SE', { ...zone, hour: '2-digit', minute: '2-digit' }).format(at);
  if (day.replaceAll('-', '') === today) return time;
  const short = new Intl.DateTimeFormat(language, { ...zone, day: 'numeric', month: 'short' }).format(at);
  return `${short} ${time}`;
}

function told(row: FreshnessRow, today: string, t: typeof freshnessWords.en, language: Language): string {
  const at = (instant: string | null) => (instant ? clock(instant, today, language) : '');
  const sync = row.next_sync_at ? ` · ${t.nextSync(at(row.next_sync_at))}` : '';
  switch (stateOf(row)) {
    case 'never':
      return t.nothingYet + sync;
    case 'in':
      return row.fetched_at ? t.inSince(at(row.fetched_at)) : t.inAll;
    case 'due':
      return (row.next_at && row.behind === 0 ? t.dueAt(at(row.next_at)) : t.dueSometime) + sync;
    case 'late':
      return t.lateSince(at(row.published_at)) + sync;
    case 'behind':
      return (row.expected?.length === 8 ? t.behind : t.behindTimes)(row.behind) + sync;
    case 'snapshot':
      return t.asOf(at(row.fetched_at));
  }
}
