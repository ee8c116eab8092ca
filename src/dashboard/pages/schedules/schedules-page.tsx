/** What runs by itself. */
import { Card, SimpleGrid, Stack } from '@mantine/core';
import { useSchedules } from '../../api/schedules.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';
import { Missed } from './missed.tsx';
import { ScheduleCard } from './schedule-card.tsx';

export default function SchedulesPage() {
  const t = useWords(scheduleWords);
  const query = useSchedules();
  return (
    <>
      <PageHead title={t.title} hint={t.hint} />
      <Loaded query={query} lines={8}>
        {(jobs) =>
          jobs.length === 0 ? (
            <Card withBorder>
              <Empty title={t.empty} />
            </Card>
          ) : (
            <Stack>
              <SimpleGrid cols={{ base: 1, lg: 2 }}>
                {inOrder(jobs).map((job) => (
                  <ScheduleCard job={job} key={job.job_id} />
                ))}
              </SimpleGrid>
              <Missed />
            </Stack>
          )
        }
      </Loaded>
    </>
  );
}

/** What runs by itself before what does not. */
function inOrder<Job extends { enabled: boolean; scheduled: boolean }>(jobs: Job[]): Job[] {
  const rank = ({ enabled, scheduled }: Job) => (enabled ? 0 : scheduled ? 1 : 2);
  return jobs.toSorted((a, b) => rank(a) - rank(b));
}
