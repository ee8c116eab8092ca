/** Each time that a task was taken up: when, for how long, by whom, and how it ended. */
import { Badge, Card, Code, Group, Table, Text, Title } from '@mantine/core';
import { useTaskRuns } from '../../api/queries.ts';
import { Elapsed, Moment } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { taskActWords } from '../../words/task-acts.ts';

const COLORS = {
  completed: 'green',
  failed: 'red',
  retry: 'orange',
  handed_back: 'gray',
  closed: 'gray',
  lost: 'orange',
  cancelled: 'yellow',
} as const;

/** Nothing where it was never taken up, or the feed has forgotten it. */
export function TaskRuns({ id }: { id: string }) {
  const t = useWords(taskActWords);
  const { data } = useTaskRuns(id);
  if (!data || data.runs.length === 0) return null;
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5" mb="xs">
        {t.runs}
      </Title>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {data.runs.map(({ began_at, ended_at, ended_as, attempt, supervisor_id, error_type }) => (
              <Table.Tr key={began_at} data-run={ended_as ?? 'running'}>
                <Table.Td className="line">{t.run(attempt)}</Table.Td>
                <Table.Td className="line">
                  <Text size="sm" component="span">
                    <Moment at={began_at} />
                  </Text>
                </Table.Td>
                <Table.Td className="line">
                  <Elapsed from={began_at} to={ended_at} />
                </Table.Td>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <Badge
                      variant="dot"
                      tt="none"
                      fw={500}
                      w="max-content"
                      maw="none"
                      color={ended_as ? COLORS[ended_as] : 'blue'}
                    >
                      {ended_as ? t.ends[ended_as] : t.runningNow}
                    </Badge>
                    {error_type && <Code>{error_type}</Code>}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Code>{supervisor_id}</Code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {!data.complete && (
        <Text size="xs" c="dimmed">
          {t.incomplete}
        </Text>
      )}
    </Card>
  );
}
