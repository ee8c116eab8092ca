/** What an edit has done: before, after, and when the job runs now. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ScheduledJobView } from '../../api/schedules.ts';
import { Fields } from '../../parts/fields.tsx';
import { Icon } from '../../parts/icons.tsx';
import { jobName } from '../../words/job-names.ts';
import { type Language, useLanguage, useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';
import { NextRuns } from './next-runs.tsx';
import { whenText } from './when.tsx';

export function Saved({
  before,
  after,
  onDone,
}: {
  before: ScheduledJobView;
  after: ScheduledJobView;
  onDone: () => void;
}) {
  const t = useWords(scheduleWords);
  const { language } = useLanguage();
  return (
    <Stack gap="sm">
      <Alert color="green" icon={<Icon name="check" />} title={t.saved} role="status">
        {t.savedText}
      </Alert>
      <Fields
        of={[
          [
            t.was,
            <Text key="was" size="sm">
              {told(before, language)}
            </Text>,
          ],
          [
            t.isNow,
            <Text key="now" size="sm" fw={600}>
              {told(after, language)}
            </Text>,
          ],
        ]}
      />
      <NextRuns moments={after.next_runs} />
      <Group justify="flex-end">
        <Button onClick={onDone} data-autofocus>
          {t.done}
        </Button>
      </Group>
    </Stack>
  );
}

/** Name, time and parameters in a line. */
function told(job: ScheduledJobView, language: Language): string {
  const { job_name, scheduled, timezone, interval_minutes, kwargs } = job;
  const t = scheduleWords[language];
  const when = scheduled ? whenText(job, language) : t.never;
  const zone = scheduled && interval_minutes === null ? t.inZone(timezone) : null;
  const parameters = Object.keys(kwargs).length > 0 ? JSON.stringify(kwargs) : null;
  return [jobName(language, job_name), when, zone, parameters].filter(Boolean).join(' · ');
}
