/** The dialog that changes a schedule. The server checks what is asked for; afterwards the dialog says what it did. */
import {
  Button,
  Group,
  JsonInput,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { type ScheduledJobView, useScheduleEdit } from '../../api/schedules.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { commonWords } from '../../words/common.ts';
import { errorText } from '../../words/errors.ts';
import { jobName } from '../../words/job-names.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { scheduleWords } from '../../words/schedules.ts';
import { plainCron } from './plain-cron.ts';
import { Saved } from './saved.tsx';
import { editOf, formOf, readKwargs, type ScheduleForm, type TimingKind } from './schedule-form.ts';

export function EditButton({ job }: { job: ScheduledJobView }) {
  const t = useWords(scheduleWords);
  const common = useWords(commonWords);
  const { language } = useLanguage();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActButton size="xs" variant="default" onClick={open}>
        {job.scheduled ? t.edit : t.schedule}
      </ActButton>
      <Modal
        opened={opened}
        onClose={close}
        title={t.editTitle(jobName(language, job.job_name))}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <Dialog job={job} onDone={close} />
      </Modal>
    </>
  );
}

function Dialog({ job: current, onDone }: { job: ScheduledJobView; onDone: () => void }) {
  const t = useWords(scheduleWords);
  const { language } = useLanguage();
  const { mutateAsync, isPending, error } = useScheduleEdit();
  // as it was when the dialog was opened: the page behind it goes on asking
  const [job] = useState(current);
  const [form, setForm] = useState<ScheduleForm>(() => formOf(job, language));
  const [saved, setSaved] = useState<ScheduledJobView | null>(null);
  const set = (change: Partial<ScheduleForm>) => setForm((now) => ({ ...now, ...change }));
  if (saved) return <Saved before={job} after={saved} onDone={onDone} />;

  const edit = editOf(form, job, language);
  const unchanged = Object.keys(edit).length === 0;
  const kwargsFault = readKwargs(form.kwargs) === undefined ? t.kwargsBad : undefined;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      setSaved((await mutateAsync({ job_id: job.job_id, edit })).data);
    } catch {
      // the refusal stands in the form: `error`
    }
  };
  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <Timing form={form} set={set} />
        <TextInput
          label={t.name}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          maxLength={200}
        />
        <JsonInput
          label={t.kwargs}
          placeholder="{}"
          value={form.kwargs}
          onChange={(kwargs) => set({ kwargs })}
          error={kwargsFault}
          autosize
          minRows={1}
          maxRows={10}
        />
        {error && (
          <Text size="sm" c="red" role="alert">
            {errorText(language, error)}
          </Text>
        )}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            {unchanged ? t.nothingChanged : ''}
          </Text>
          <Button type="submit" loading={isPending} disabled={unchanged || kwargsFault !== undefined}>
            {t.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const ZONES = ['Asia/Shanghai', 'UTC', ...Intl.supportedValuesOf('timeZone')];

function Timing({ form, set }: { form: ScheduleForm; set: (change: Partial<ScheduleForm>) => void }) {
  const t = useWords(scheduleWords);
  const { language } = useLanguage();
  const kinds: { value: TimingKind; label: string }[] = [
    { value: 'daily', label: t.kindDaily },
    { value: 'cron', label: t.kindCron },
    { value: 'interval', label: t.kindInterval },
  ];
  const zones = [...new Set([form.timezone, ...ZONES])];
  return (
    <>
      <SegmentedControl
        aria-label={t.when}
        data={kinds}
        value={form.kind}
        onChange={(kind) => set({ kind: kind as TimingKind })}
        fullWidth
      />
      {form.kind === 'daily' && (
        <TextInput
          type="time"
          label={t.time}
          value={form.time}
          onChange={(event) => set({ time: event.currentTarget.value })}
          required
          data-autofocus
        />
      )}
      {form.kind === 'cron' && (
        <TextInput
          label={t.cron}
          description={plainCron(form.cron, language) ?? t.cronUnknown}
          inputWrapperOrder={['label', 'input', 'description']}
          placeholder="0 18 * * 1-5"
          title={t.cronHint}
          value={form.cron}
          onChange={(event) => set({ cron: event.currentTarget.value })}
          styles={{ input: { fontFamily: 'monospace' } }}
          required
          maxLength={100}
          data-autofocus
        />
      )}
      {form.kind === 'interval' ? (
        <NumberInput
          label={t.minutes}
          value={form.minutes}
          onChange={(minutes) => set({ minutes: typeof minutes === 'number' ? minutes : '' })}
          min={1}
          allowDecimal={false}
          required
          data-autofocus
        />
      ) : (
        <Select
          label={t.timezone}
          data={zones}
          value={form.timezone}
          onChange={(timezone) => set({ timezone: timezone ?? form.timezone })}
          searchable
          limit={30}
          allowDeselect={false}
        />
      )}
    </>
  );
}
