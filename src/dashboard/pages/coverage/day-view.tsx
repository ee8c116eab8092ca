/** One day of one dataset: rows expected and fetched, its state and what failed; apart from it which codes lack a row. */
import { Alert, Anchor, Badge, Card, Group, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { Link } from 'wouter';
import { type DayCoverage, useDay } from '../../api/data.ts';
import { Fields } from '../../parts/fields.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Moment } from '../../parts/time.tsx';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';
import { timeName } from './span.ts';
import { PALETTES } from './states.ts';

/** Codes that are named before the rest is counted. */
const CODES_SHOWN = 60;

export function DayView({ dataset, date }: { dataset: string; date: string }) {
  const t = useWords(heatmapWords);
  const query = useDay(dataset, date);
  return (
    <Loaded query={query} lines={5}>
      {(day) => (
        <Stack gap="sm">
          {day.partitions.length === 0 && (
            <Text size="sm">{day.trading_day === false ? t.closed : t.notYet}</Text>
          )}
          {day.partitions.map((partition) => (
            <Partition key={partition.partition} partition={partition} />
          ))}
          {day.failures.map(({ partition, error_type, error_message, retry_count, max_retries }) => (
            <Alert key={`${partition} ${error_type}`} color="red" title={error_type}>
              <Text size="sm">{error_message}</Text>
              <Text size="xs">{t.failure(retry_count, max_retries)}</Text>
            </Alert>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function Partition({ partition }: { partition: DayCoverage['partitions'][number] }) {
  const t = useWords(heatmapWords);
  const palette = PALETTES[useComputedColorScheme()];
  const { partition: name, state, expected_rows, fetched_rows, fetched_at, asked_again } = partition;
  const lacks = state !== 'complete' && state !== 'empty_confirmed';
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={600} className="nums">
          {timeName(name)}
        </Text>
        <Group gap={6}>
          <span className="heat-swatch" style={{ background: palette[state] }} />
          <Text size="sm">{t.states[state]}</Text>
        </Group>
      </Group>
      <Fields
        of={[
          [t.expectedRows, expected_rows?.toLocaleString()],
          [t.fetchedRows, fetched_rows.toLocaleString()],
          [t.fetchedAt, fetched_at ? <Moment at={fetched_at} key="at" /> : t.never],
          [t.askedAgain, lacks ? (asked_again ? t.byItself : t.byPerson) : null],
        ]}
      />
    </Card>
  );
}

/** Which codes lack a row on a day, where that is known. */
export function DayCodes({ dataset, date }: { dataset: string; date: string }) {
  const { data } = useDay(dataset, date);
  return data?.codes ? <Codes dataset={dataset} codes={data.codes} /> : null;
}

function Codes({ dataset, codes }: { dataset: string; codes: NonNullable<DayCoverage['codes']> }) {
  const t = useWords(heatmapWords);
  const { listed, present, suspended, missing, missing_total } = codes;
  // where no code has a row the day itself is missing, not some codes
  const shown = present > 0 ? missing.slice(0, CODES_SHOWN) : [];
  return (
    <Card withBorder padding="sm">
      <Fields
        of={[
          [t.listed, listed.toLocaleString()],
          [t.withRow, present.toLocaleString()],
          [t.suspended, suspended?.toLocaleString() ?? t.suspendedUnknown],
        ]}
      />
      {missing_total > 0 && (
        <>
          <Text size="sm" fw={600} mt="sm" mb={4}>
            {present > 0 ? t.lacking(missing_total) : t.lackingAll}
          </Text>
          <Group gap={6}>
            {shown.map(({ ts_code, name }) => (
              <Badge key={ts_code} variant="default" tt="none" fw={400} title={name ?? ''}>
                <Anchor component={Link} href={`/coverage?dataset=${dataset}&symbol=${ts_code}`} size="xs">
                  {ts_code}
                </Anchor>
              </Badge>
            ))}
            {present > 0 && missing_total > shown.length && (
              <Text size="xs" c="dimmed">
                {t.andMore(missing_total - shown.length)}
              </Text>
            )}
          </Group>
        </>
      )}
    </Card>
  );
}
