/** Runs a task again with other parameters, priority or limits. What the server refuses stands where it was asked. */
import { Button, Group, JsonInput, Modal, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useRetryEdited } from '../../api/actions.ts';
import type { TaskView } from '../../api/types.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { commonWords } from '../../words/common.ts';
import { datasetWords } from '../../words/datasets.ts';
import { errorText } from '../../words/errors.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { taskActWords } from '../../words/task-acts.ts';
import { taskWords } from '../../words/tasks.ts';
import { readMore } from '../datasets/submission.ts';
import { editsOf, type RetryForm } from './retry-edits.ts';

export function RetryDialog({ task }: { task: TaskView }) {
  const t = useWords(taskActWords);
  const common = useWords(commonWords);
  const [opened, { open, close }] = useDisclosure(false);
  const retryable = (task.status === 'failed' || task.status === 'cancelled') && task.retried_as === null;
  if (!retryable) return null;
  return (
    <>
      <ActButton size="xs" variant="default" onClick={open}>
        {t.edit}
      </ActButton>
      <Modal
        opened={opened}
        onClose={close}
        title={t.edit}
        size="lg"
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <Form task={task} close={close} />
      </Modal>
    </>
  );
}

function Form({ task, close }: { task: TaskView; close: () => void }) {
  const t = useWords(taskActWords);
  const common = useWords(commonWords);
  const { priority: priorityLabel } = useWords(taskWords);
  const { moreBad } = useWords(datasetWords);
  const { language } = useLanguage();
  const { mutateAsync, isPending, error } = useRetryEdited();
  const [, go] = useLocation();
  const [form, setForm] = useState<RetryForm>({
    params: JSON.stringify(task.params, null, 2),
    priority: task.priority,
    max_attempts: task.max_attempts,
    timeout_seconds: task.timeout_seconds,
  });
  const set = (change: Partial<RetryForm>) => setForm((now) => ({ ...now, ...change }));
  const broken = readMore(form.params) === null;
  const names = {
    params: t.params,
    priority: priorityLabel,
    max_attempts: t.attempts,
    timeout_seconds: t.timeout,
  };
  const edits = broken ? {} : editsOf(task, form);
  const changed = Object.keys(edits).map((name) => names[name as keyof typeof names]);
  const said = changed.length > 0 ? t.changed(changed.join(', ')) : t.same;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const { data } = await mutateAsync({ id: task.task_id, edits });
      notifications.show({ message: said, color: 'green' });
      close();
      go(`/tasks/${data.task_id}`);
    } catch {
      // the refusal stands in the form: `error`
    }
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.editHint}
        </Text>
        <JsonInput
          label={t.params}
          value={form.params}
          onChange={(params) => set({ params })}
          error={broken ? moreBad : undefined}
          autosize
          minRows={3}
          maxRows={16}
          data-autofocus
        />
        <Group grow align="flex-start">
          <Select
            label={priorityLabel}
            data={(['high', 'normal', 'low'] as const).map((name) => ({
              value: name,
              label: common.priority[name],
            }))}
            value={form.priority}
            onChange={(priority) => set({ priority: (priority ?? 'normal') as RetryForm['priority'] })}
            allowDeselect={false}
          />
          <NumberInput
            label={t.attempts}
            value={form.max_attempts}
            onChange={(value) => set({ max_attempts: Number(value) })}
            min={1}
            max={21}
            allowDecimal={false}
          />
          <NumberInput
            label={t.timeout}
            value={form.timeout_seconds}
            onChange={(value) => set({ timeout_seconds: Number(value) })}
            min={1}
            allowDecimal={false}
          />
        </Group>
        {error ? (
          <Text size="sm" c="red" role="alert">
            {errorText(language, error)}
          </Text>
        ) : (
          <Text size="sm">{said}</Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={broken}>
            {t.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
