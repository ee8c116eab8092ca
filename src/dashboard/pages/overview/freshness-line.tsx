/** One dataset of the board: where it stands, what is being done about it, and the way to what is missing. */
import { Anchor, Badge, Card, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { FreshnessRow } from '../../api/data.ts';
import type { TaskView } from '../../api/types.ts';
import { TimeAgo } from '../../parts/time.tsx';
import { freshnessWords } from '../../words/freshness.ts';
import { type Language, useLanguage, useWords } from '../../words/language.tsx';
import { timeName } from '../coverage/span.ts';
import { COLORS, SIGNS, stateOf } from './freshness-states.ts';

export function FreshnessLine({
  row,
  today,
  running,
  failed,
}: {
  row: FreshnessRow;
  today: string;
  /** The task that fetches it now. */
  running: TaskView | undefined;
  /** The newest of its tasks that have failed and were not run again. */
  failed: TaskView | undefined;
}) {
  const t = useWords(freshnessWords);
  const { language } = useLanguage();
  const state = stateOf(row);
  const lacks = state === 'behind' || state === 'late' || state === 'never';
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
              {row.latest && timeName(row.latest)}
            </Text>
          </Group>
          <Text size="xs">
            <Said row={row}>{told(row, today, t, language)}</Said>
            {lacks && !running && row.next_sync_at && (
              <>
                {' · '}
                <Anchor component={Link} href="/schedules" size="xs">
                  {t.nextSync(clock(row.next_sync_at, today, language))}
                </Anchor>
              </>
            )}
          </Text>
          {running && state !== 'in' && (
            <Anchor component={Link} href={`/tasks/${running.task_id}`} size="xs">
              {t.beingFetched(Math.round(running.progress))}
            </Anchor>
          )}
          {failed && lacks && !running && (
            <Anchor component={Link} href={`/tasks/${failed.task_id}`} size="xs" c="red">
              {t.failed} <TimeAgo at={failed.updated_at} />
            </Anchor>
          )}
        </Stack>
      </Group>
    </Card>
  );
}

/** Leads to the days that are missing, with the cost of filling them, where it is known which these are. */
function Said({
  row: { dataset, latest, expected, behind },
  children,
}: {
  row: FreshnessRow;
  children: string;
}) {
  if (behind === 0 || latest?.length !== 8 || expected?.length !== 8) return children;
  const [first, last] = latest < expected ? [latest, expected] : [expected, expected];
  return (
    <Anchor component={Link} href={`/coverage?chosen=${dataset}.${first}.${last}`} size="xs">
      {children}
    </Anchor>
  );
}

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
      return t.nothingYet;
    case 'in':
      return row.fetched_at ? t.inSince(at(row.fetched_at)) : t.inAll;
    case 'due':
      return (row.next_at && row.behind === 0 ? t.dueAt(at(row.next_at)) : t.dueSometime) + sync;
    case 'late':
      return t.lateSince(at(row.published_at));
    case 'behind':
      return (row.expected?.length === 8 ? t.behind : t.behindTimes)(row.behind);
    case 'snapshot':
      return t.asOf(at(row.fetched_at));
  }
}
