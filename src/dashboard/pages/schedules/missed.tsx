/** Moments at which a job was due and nothing ran. */
import { Card, Code, Table, Text, Title } from '@mantine/core';
import { useMissed } from '../../api/schedules.ts';
import { More } from '../../parts/more.tsx';
import { Loaded } from '../../parts/states.tsx';
import { TimeAgo } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { runWords } from '../../words/run-words.ts';
import { scheduleWords } from '../../words/schedules.ts';
import { clock } from './next-runs.tsx';

export function Missed() {
  const t = useWords(scheduleWords);
  const { language } = useLanguage();
  const query = useMissed();
  return (
    <Card withBorder component="section" aria-label={t.missed}>
      <Title order={3} size="h5">
        {t.missed}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t.missedHint}
      </Text>
      <Loaded query={query}>
        {({ pages }) => {
          const firings = pages.flatMap((page) => page.firings);
          if (firings.length === 0) return <Text size="sm">{t.noMissed}</Text>;
          return (
            <>
              <Table.ScrollContainer minWidth={520} type="native">
                <Table fz="sm" verticalSpacing={4}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t.job}</Table.Th>
                      <Table.Th>
                        {t.dueAt} ({t.shanghaiTime})
                      </Table.Th>
                      <Table.Th>{t.why}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {firings.map(({ job_id, due_at, reason }) => (
                      <Table.Tr key={`${job_id} ${due_at}`}>
                        <Table.Td>
                          <Code>{job_id}</Code>
                        </Table.Td>
                        <Table.Td className="nums">
                          {clock(due_at, 'Asia/Shanghai', language)}{' '}
                          <Text span size="xs" c="dimmed">
                            <TimeAgo at={due_at} />
                          </Text>
                        </Table.Td>
                        <Table.Td>{reason && runWords(language, reason)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <More query={query} label={t.more} />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
