/** Activity by job type: a type shows its own charts, a number its tasks. */
import { Anchor, Card, Table, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { ActivityAnswer, ActivityFigures } from '../../api/activity.ts';
import { queryText } from '../../api/queries.ts';
import { briefly } from '../../parts/time.tsx';
import { activityWords } from '../../words/activity.ts';
import { commonWords } from '../../words/common.ts';
import { useWords } from '../../words/language.tsx';
import { OUTCOMES } from './chart-options.ts';
import { endedPath } from './ended-path.ts';

/** As many as the API names. */
const TYPES_AT_MOST = 50;

export function TypesTable({ activity, range }: { activity: ActivityAnswer; range: string }) {
  const t = useWords(activityWords);
  const { status } = useWords(commonWords);
  const { job_types, from, to } = activity;
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5" mb="xs">
        {t.byType}
      </Title>
      <Table.ScrollContainer minWidth={720}>
        <Table highlightOnHover verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.jobType}</Table.Th>
              {OUTCOMES.map((outcome) => (
                <Table.Th ta="right" key={outcome}>
                  {status[outcome]}
                </Table.Th>
              ))}
              <Table.Th ta="right">{t.rows}</Table.Th>
              <Table.Th ta="right">{t.waited} p50 / p95</Table.Th>
              <Table.Th ta="right">{t.ran} p50 / p95</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="nums">
            {job_types.map(({ job_type, ...figures }) => (
              <Table.Tr key={job_type}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    href={`/activity${queryText({ range, job_type })}`}
                    size="sm"
                    fw={500}
                  >
                    {job_type}
                  </Anchor>
                </Table.Td>
                {OUTCOMES.map((outcome) => (
                  <Table.Td ta="right" key={outcome}>
                    {figures[outcome] === 0 ? (
                      '0'
                    ) : (
                      <Anchor
                        component={Link}
                        size="sm"
                        c={outcome === 'failed' ? 'red' : undefined}
                        href={endedPath({ status: outcome, job_type, from, to })}
                        aria-label={`${job_type}, ${status[outcome]}: ${figures[outcome]}`}
                      >
                        {figures[outcome].toLocaleString()}
                      </Anchor>
                    )}
                  </Table.Td>
                ))}
                <Table.Td ta="right">{figures.rows.toLocaleString()}</Table.Td>
                <Table.Td ta="right">{timesOf(figures.wait_seconds)}</Table.Td>
                <Table.Td ta="right">{timesOf(figures.run_seconds)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {job_types.length >= TYPES_AT_MOST && (
        <Text size="xs" c="dimmed">
          {t.typesAtMost(job_types.length)}
        </Text>
      )}
    </Card>
  );
}

const timesOf = (of: ActivityFigures['wait_seconds']): string =>
  of ? `${briefly(of.p50)} / ${briefly(of.p95)}` : '–';
