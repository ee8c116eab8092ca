/** When a job runs next, by both clocks; by one where they are the same. */
import { Stack, Table, Text } from '@mantine/core';
import { TimeAgo } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';

const SHANGHAI = 'Asia/Shanghai';

export function NextRuns({ moments }: { moments: string[] }) {
  const t = useWords(scheduleWords);
  const { language } = useLanguage();
  if (moments.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.noNextRuns}
      </Text>
    );
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = zone === SHANGHAI ? [SHANGHAI] : [SHANGHAI, zone];
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed" hiddenFrom="xs" aria-hidden="true">
        {t.nextRuns}
      </Text>
      <Table
        verticalSpacing={2}
        horizontalSpacing="xs"
        withRowBorders={false}
        fz="sm"
        aria-label={t.nextRuns}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th fw={400} c="dimmed" fz="xs" visibleFrom="xs" pl={0}>
              {t.nextRuns}
            </Table.Th>
            {zones.map((name) => (
              <Table.Th key={name} fw={400} c="dimmed" fz="xs">
                {name === SHANGHAI ? t.shanghaiTime : t.localTime(name)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="nums">
          {moments.map((at) => (
            <Table.Tr key={at}>
              <Table.Td c="dimmed" className="line" visibleFrom="xs" pl={0}>
                <TimeAgo at={at} />
              </Table.Td>
              {zones.map((name) => (
                <Table.Td key={name} className="line">
                  {clock(at, name, language)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** "Fri 27 Nov, 18:00" there. */
export function clock(at: string, timeZone: string, language: string): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(Date.parse(at));
}
