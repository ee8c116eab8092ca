/** Tasks that are searched, in the queue or in the history. */
import { type Place, type SearchFilter, useFoundTasks } from '../../api/found.ts';
import { Found } from '../../parts/found.tsx';
import { Empty } from '../../parts/states.tsx';
import { TaskTable } from '../../parts/task-table.tsx';
import { useWords } from '../../words/language.tsx';
import { listWords } from '../../words/lists.ts';
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
  const lists = useWords(listWords);
  const query = useFoundTasks(place, filter, start);
  const asked = place === 'queue' || Object.values(filter).some(Boolean);
  const empty = asked ? (
    <Empty title={t.none}>{t.noneMatch}</Empty>
  ) : (
    <Empty title={lists.noneEnded}>{lists.noneEndedHint}</Empty>
  );
  return (
    <Found {...{ place, query, empty }}>
      {(tasks) => <TaskTable tasks={tasks} past={place === 'history'} />}
    </Found>
  );
}
