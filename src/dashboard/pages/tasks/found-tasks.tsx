/** What a search through the tasks has found so far, how far it has come, and the way further back. */
import { Text } from '@mantine/core';
import { useFoundTasks } from '../../api/found-tasks.ts';
import { More } from '../../parts/more.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';

export function FoundTasks({
  from,
  ...filter
}: {
  status?: string | undefined;
  job_type?: string | undefined;
  from: string | undefined;
}) {
  const t = useWords(taskWords);
  const query = useFoundTasks(filter, from);
  return (
    <Loaded query={query} lines={8}>
      {({ pages }) => {
        const tasks = pages.flatMap((page) => page.tasks);
        const lookedAt = pages.reduce((sum, page) => sum + page.looked_at, 0);
        return (
          <>
            {tasks.length > 0 && <TaskTable tasks={tasks} />}
            {tasks.length === 0 && !query.hasNextPage && <Empty title={t.none}>{t.noneMatch}</Empty>}
            <Text size="sm" c="dimmed" ta="center" mt="sm" className="nums" role="status">
              {t.lookedThrough(tasks.length, lookedAt, query.hasNextPage)}
            </Text>
            <More query={query} label={t.searchBack} />
          </>
        );
      }}
    </Loaded>
  );
}
