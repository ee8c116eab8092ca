/** One day of one dataset: rows expected and fetched, its state, and which codes lack a row. */
import { Alert, Anchor, Badge, Card, Group, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { Link } from 'wouter';
import { type DayCoverage, useDay } from '../../api/data.ts';
import { Fields } from '../../parts/fields.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Moment } from '../../parts/time.tsx';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';
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
          {day.codes && <Codes dataset={dataset} codes={day.codes} />}
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
          {name}
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

function Codes({ dataset, codes }: { dataset: string; codes: NonNullable<DayCoverage['codes']> }) {
  const t = useWords(heatmapWords);
  const { listed, present, suspended, missing, missing_total } = codes;
  const shown = missing.slice(0, CODES_SHOWN);
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
            {t.lacking(missing_total)}
          </Text>
          <Group gap={6}>
            {shown.map(({ ts_code, name }) => (
              <Badge key={ts_code} variant="default" tt="none" fw={400} title={name ?? ''}>
                <Anchor component={Link} href={`/coverage?dataset=${dataset}&symbol=${ts_code}`} size="xs">
                  {ts_code}
                </Anchor>
              </Badge>
            ))}
            {missing_total > shown.length && (
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
