/** One job: when it runs, what its runs came to, and what can be done with it. */
import { Alert, Anchor, Badge, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link } from 'wouter';
import { type ScheduledJobView, useJobTrigger, useScheduleEdit } from '../../api/schedules.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { jobName } from '../../words/job-names.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';
import { NextRuns } from './next-runs.tsx';
import { RunStrip } from './run-strip.tsx';
import { EditButton } from './schedule-dialog.tsx';
import { When } from './when.tsx';

export function ScheduleCard({ job }: { job: ScheduledJobView }) {
  const t = useWords(scheduleWords);
  const { job_id, enabled, fault } = job;
  const name = jobName(useLanguage().language, job.job_name);
  return (
    <Card withBorder component="section" aria-label={name} data-job={job_id} h="100%">
      <Stack gap="sm" h="100%">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Stack gap={0} miw={0}>
            <Title order={3} size="h5">
              {name}
            </Title>
            <Text size="xs" c="dimmed">
              <Code fz="xs">{job_id}</Code>
            </Text>
          </Stack>
          <State job={job} />
        </Group>
        <When job={job} />
        {enabled && fault !== null && (
          <Alert color="red" icon={<Icon name="alert" />} title={t.cantFollow} p="xs">
            {fault}
          </Alert>
        )}
        {enabled && fault === null && <NextRuns moments={job.next_runs} />}
        <RunStrip job_id={job_id} />
        <Group justify="space-between" mt="auto">
          <Success job={job} />
          <Actions job={job} />
        </Group>
      </Stack>
    </Card>
  );
}

function State({ job: { scheduled, enabled, silent, fault } }: { job: ScheduledJobView }) {
  const t = useWords(scheduleWords);
  if (!scheduled) return null;
  const [color, label] =
    enabled && fault !== null
      ? ['red', t.broken]
      : silent
        ? ['orange', t.silent]
        : enabled
          ? ['green', t.on]
          : ['gray', t.off];
  return (
    <Badge
      variant="dot"
      color={color}
      tt="none"
      w="max-content"
      maw="none"
      style={{ flexShrink: 0 }}
      title={silent ? t.silentHint : undefined}
    >
      {label}
    </Badge>
  );
}

function Success({ job }: { job: ScheduledJobView }) {
  const t = useWords(scheduleWords);
  const { days_since_success, silent, last_execution, enabled } = job;
  const failed = last_execution?.status === 'FAILED';
  const days = days_since_success === null ? null : Math.floor(days_since_success);
  const told =
    days === null ? (enabled ? t.successNever : null) : days === 0 ? t.successToday : t.successDays(days);
  return (
    <Stack gap={0}>
      {told && (
        <Text size="sm" c={silent ? 'red' : undefined} fw={silent ? 600 : undefined}>
          {told}
        </Text>
      )}
      {failed && (
        <Text size="xs" c="red" lineClamp={2} title={last_execution.error_message ?? undefined}>
          {last_execution.task_id ? (
            <Anchor
              component={Link}
              href={`/tasks/${last_execution.task_id}`}
              c="red"
              size="xs"
              underline="always"
            >
              {t.lastFailed}
            </Anchor>
          ) : (
            t.lastFailed
          )}
        </Text>
      )}
    </Stack>
  );
}

function Actions({ job }: { job: ScheduledJobView }) {
  const t = useWords(scheduleWords);
  const { job_id, scheduled, enabled } = job;
  const name = jobName(useLanguage().language, job.job_name);
  const { mutateAsync: edit } = useScheduleEdit();
  const { mutateAsync: trigger } = useJobTrigger();
  const runNow = async () => {
    const { taskId } = await trigger({ job_id });
    if (taskId)
      notifications.show({
        message: (
          <Anchor component={Link} href={`/tasks/${taskId}`} size="sm">
            {taskId}
          </Anchor>
        ),
      });
  };
  return (
    <Group gap="xs">
      <ConfirmButton label={t.runNow} question={t.runNowAsk(name)} done={t.runNowDone} act={runNow} />
      <EditButton job={job} />
      {scheduled && (
        <ConfirmButton
          label={enabled ? t.turnOff : t.turnOn}
          question={enabled ? t.turnOffAsk(name) : t.turnOnAsk(name)}
          done={enabled ? t.turnOffDone : t.turnOnDone}
          color={enabled ? 'orange' : 'green'}
          act={() => edit({ job_id, edit: { enabled: !enabled } })}
        />
      )}
    </Group>
  );
}
