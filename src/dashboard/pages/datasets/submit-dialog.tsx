/** The dialog that submits a task. The API checks what is asked for; what it refuses is shown where it was asked. */
import {
  Button,
  Group,
  JsonInput,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useSubmit } from '../../api/actions.ts';
import { useDatasets } from '../../api/queries.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { commonWords } from '../../words/common.ts';
import { datasetWords } from '../../words/datasets.ts';
import { errorText } from '../../words/errors.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { EMPTY_FORM, readMore, type SubmitForm, submissionOf, takesRange } from './submission.ts';

export function SubmitButton({ dataset = '' }: { dataset?: string }) {
  const t = useWords(datasetWords);
  const common = useWords(commonWords);
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActButton size="xs" onClick={open}>
        {t.submit}
      </ActButton>
      <Modal
        opened={opened}
        onClose={close}
        title={t.submit}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <Form dataset={dataset} onDone={close} />
      </Modal>
    </>
  );
}

function Form({ dataset, onDone }: { dataset: string; onDone: () => void }) {
  const t = useWords(datasetWords);
  const { language } = useLanguage();
  const { data } = useDatasets();
  const { mutateAsync, isPending, error } = useSubmit();
  const [, go] = useLocation();
  const [form, setForm] = useState<SubmitForm>({ ...EMPTY_FORM, dataset });
  const chosen = data?.datasets.find(({ name }) => name === form.dataset);
  const mode = form.mode || (chosen?.modes[0] ?? '');
  const set = (change: Partial<SubmitForm>) => setForm((now) => ({ ...now, ...change }));
  const moreFault = readMore(form.more) === null ? t.moreBad : undefined;
  const choices = (data?.datasets ?? [])
    .filter(({ unavailable }) => unavailable === null)
    .sort((a, b) => Number(b.stored !== null) - Number(a.stored !== null)) // what is kept is asked for most
    .map(({ name, title }) => ({ value: name, label: `${name}  ${title[language]}` }));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const { data: task } = await mutateAsync(submissionOf({ ...form, mode }));
      const color = task.warning ? 'orange' : 'green';
      notifications.show({ title: t.sent, message: task.warning ?? task.job_type, color });
      onDone();
      go(`/tasks/${task.task_id}`);
    } catch {
      // the refusal stands in the form: `error`
    }
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label={t.dataset}
          data={choices}
          value={form.dataset || null}
          onChange={(value) => set({ dataset: value ?? '', mode: '' })}
          searchable
          required
          limit={50}
          // its list would cover the form where the dataset is chosen already
          data-autofocus={form.dataset === '' || undefined}
        />
        {chosen && <ModeChoice modes={chosen.modes} value={mode} onChange={(mode) => set({ mode })} />}
        {takesRange(mode) && <RangeFields form={form} mode={mode} set={set} />}
        <PriorityChoice value={form.priority} onChange={(priority) => set({ priority })} />
        <JsonInput
          label={t.more}
          placeholder='{"ts_code": "000001.SZ"}'
          value={form.more}
          onChange={(more) => set({ more })}
          error={moreFault}
          autosize
          minRows={1}
        />
        {error && (
          <Text size="sm" c="red" role="alert">
            {errorText(language, error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={!form.dataset || moreFault !== undefined}>
            {t.send}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Mode = keyof typeof datasetWords.en.modeHint;

function ModeChoice({
  modes,
  value,
  onChange,
}: {
  modes: Mode[];
  value: string;
  onChange: (mode: string) => void;
}) {
  const t = useWords(datasetWords);
  const common = useWords(commonWords);
  return (
    <Stack gap={4}>
      <SegmentedControl
        aria-label={t.mode}
        data={modes.map((mode) => ({ value: mode, label: common.mode[mode] }))}
        value={value}
        onChange={onChange}
        fullWidth
      />
      <Text size="xs" c="dimmed">
        {t.modeHint[value as Mode]}
      </Text>
    </Stack>
  );
}

function RangeFields({
  form,
  mode,
  set,
}: {
  form: SubmitForm;
  mode: string;
  set: (change: Partial<SubmitForm>) => void;
}) {
  const t = useWords(datasetWords);
  return (
    <>
      <Group grow>
        <TextInput
          type="date"
          label={t.start}
          value={form.start}
          onChange={(event) => set({ start: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t.end}
          value={form.end}
          onChange={(event) => set({ end: event.currentTarget.value })}
        />
      </Group>
      {mode === 'backfill' && (
        <Switch
          label={t.missing}
          checked={form.missing}
          onChange={(event) => set({ missing: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

function PriorityChoice({ value, onChange }: { value: string; onChange: (priority: string) => void }) {
  const t = useWords(datasetWords);
  const { priority } = useWords(commonWords);
  const names = ['high', 'normal', 'low'] as const;
  return (
    <Select
      label={t.priority}
      data={names.map((name) => ({ value: name, label: priority[name] }))}
      value={value}
      onChange={(chosen) => onChange(chosen ?? 'normal')}
      allowDeselect={false}
    />
  );
}
