/** What ended its last attempt badly, with a summary to send to somebody. */
import { Alert, Code, Group, Spoiler, Text } from '@mantine/core';
import type { SingleTask } from '../../api/types.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { taskErrorWords } from '../../words/task-errors.ts';
import { taskWords } from '../../words/tasks.ts';

/** What is longer is unfolded by whom it interests: some six lines. */
const MESSAGE_PX = 130;
const SMALL = { control: { fontSize: 'var(--mantine-font-size-sm)' } };

/** Everything that somebody needs who is asked for help; no secrets are in these fields. */
export function errorSummary(task: SingleTask): string {
  return [
    `${task.job_type} ${task.task_id}: ${task.status}`,
    `attempt ${task.attempt} of ${task.max_attempts}, ${task.last_error_type}`,
    task.error_message,
    `params ${JSON.stringify(task.params)}`,
    `submitted ${task.created_at}, ended ${task.completed_at ?? '-'}`,
    task.error_detail,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

export function TaskError({ task }: { task: SingleTask }) {
  const t = useWords(taskWords);
  const { language } = useLanguage();
  if (!task.last_error_type || task.status === 'completed') return null;
  const meaning = taskErrorWords(language, task.last_error_type);
  const color = task.status === 'failed' ? 'red' : 'orange';
  return (
    <Alert color={color} icon={<Icon name="alert" />} title={t.error}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          {meaning && <Text size="sm">{meaning}</Text>}
          <Spoiler maxHeight={MESSAGE_PX} showLabel={t.wholeMessage} hideLabel="▲" styles={SMALL}>
            <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              <Code>{task.last_error_type}</Code> {task.error_message}
            </Text>
          </Spoiler>
        </div>
        <CopyButton text={errorSummary(task)} label={t.copySummary} />
      </Group>
      {task.error_detail && (
        <Spoiler maxHeight={60} showLabel={t.detail} hideLabel="▲" mt="xs" styles={SMALL}>
          <pre className="pre">{task.error_detail}</pre>
        </Spoiler>
      )}
    </Alert>
  );
}
