/** What can be done with a task in its present state, each behind a question. */
import { Group } from '@mantine/core';
import { type TaskAction, useTaskAction } from '../api/actions.ts';
import type { TaskView } from '../api/types.ts';
import { useWords } from '../words/language.tsx';
import { taskWords } from '../words/tasks.ts';
import { ConfirmButton } from './confirm-button.tsx';

function offered(task: TaskView): TaskAction | null {
  if (task.status === 'pending') return 'cancel';
  if (task.status === 'running') return task.stop_requested_at ? null : 'stop';
  const retryable = task.status !== 'completed' && task.retried_as === null;
  return retryable ? 'retry' : null;
}

export function TaskActions({ task, onRetried }: { task: TaskView; onRetried?: (id: string) => void }) {
  const t = useWords(taskWords);
  const { mutateAsync } = useTaskAction();
  const action = offered(task);
  if (!action) return null;
  const act = async () => {
    const { data } = await mutateAsync({ id: task.task_id, action });
    if (action === 'retry') onRetried?.(data.task_id);
  };
  const buttons = {
    cancel: { label: t.cancel, question: t.cancelAsk, done: t.cancelDone, color: 'red' },
    stop: { label: t.stop, question: t.stopAsk, done: t.stopDone, color: 'red' },
    retry: { label: t.retry, question: t.retryAsk, done: t.retryDone, color: 'teal-blue' },
  };
  const { label, question, done, color } = buttons[action];
  return (
    <Group gap="xs" wrap="nowrap">
      <ConfirmButton label={label} question={question} done={done} act={act} color={color} />
    </Group>
  );
}
