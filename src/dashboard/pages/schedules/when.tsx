/** When a job runs, in words, with the expression that says it to the machine. */
import { Code, Text } from '@mantine/core';
import type { ScheduledJobView } from '../../api/schedules.ts';
import { type Language, useLanguage, useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';
import { plainCron, plainMinutes } from './plain-cron.ts';

export function When({ job }: { job: ScheduledJobView }) {
  const { language } = useLanguage();
  const t = useWords(scheduleWords);
  if (!job.scheduled)
    return (
      <Text size="sm" c="dimmed">
        {t.never}
      </Text>
    );
  const { cron_expression, timezone } = job;
  return (
    <Text size="sm">
      <Text span fw={600}>
        {whenText(job, language)}
      </Text>{' '}
      {cron_expression !== null && (
        <>
          <Text span c="dimmed" size="sm">
            {t.inZone(timezone)}
          </Text>{' '}
          <Code>{cron_expression}</Code>
        </>
      )}
    </Text>
  );
}

/** "At 18:00, every day" or "Every 90 minutes"; the expression where it has no words. */
export function whenText(
  { cron_expression, interval_minutes }: Pick<ScheduledJobView, 'cron_expression' | 'interval_minutes'>,
  language: Language,
): string {
  if (interval_minutes !== null)
    return scheduleWords[language].every(plainMinutes(interval_minutes, language));
  return plainCron(cron_expression ?? '', language) ?? cron_expression ?? '';
}
