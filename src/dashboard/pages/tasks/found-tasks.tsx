/** Tasks that are searched, in the queue or in the history. */
import { type Place, type SearchFilter, useFoundTasks } from '../../api/found.ts';
import { Found } from '../../parts/found.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { useWords } from '../../words/language.tsx';
import { taskWords } from '../../words/tasks.ts';

export function FoundTasks({
  place,
  filter,
  start,
}: {
  place: Place;
  filter: SearchFilter;
  start: string | undefined;
}) {
  const t = useWords(taskWords);
  const query = useFoundTasks(place, filter, start);
  return (
    <Found {...{ place, filter, query }} none={t.none}>
      {(tasks) => <TaskTable tasks={tasks} past={place === 'history'} />}
    </Found>
  );
}
