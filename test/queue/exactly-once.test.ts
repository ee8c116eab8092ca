/** Several supervisors that claim at the same moment never get the same task (R3). */
import t from 'tap';
import type { ClaimedTask } from '../../src/queue/task.ts';
import { COMPLETED, claim, ended, newTask, setup } from './support.ts';

t.test('500 tasks, 4 claimers on connections of their own: each task once', async (t) => {
  const { queue, another } = await setup(t);
  const submitted = await queue.submit(
    Array.from({ length: 500 }, (_, i) => newTask({ dataset: `set${Math.floor(i / 10)}` })),
  );
  const perType = new Map<string, number>();
  const runs: string[] = [];
  const began = (tasks: readonly ClaimedTask[]) => {
    for (const task of tasks) {
      runs.push(task.task_id);
      perType.set(task.job_type, (perType.get(task.job_type) ?? 0) + 1);
      if (perType.get(task.job_type) !== 1) t.fail(`two of ${task.job_type} at the same time`);
    }
  };
  const work = async (supervisor_id: string) => {
    const mine = await another();
    const next = { supervisor_id, free: 4, lease_ms: 4000 };
    let held = await claim(mine, supervisor_id, 4);
    began(held);
    while (runs.length < 500) {
      // Said before the finish is sent: its type may be claimed by another one before the answer is here.
      for (const task of held) perType.set(task.job_type, (perType.get(task.job_type) ?? 1) - 1);
      const { results, claimed } = await mine.finish(
        held.map((task) => ended(task, supervisor_id, COMPLETED)),
        next,
      );
      for (const { result } of results) if (result !== 'done') t.fail(`a finish was ${result}`);
      began(claimed);
      held = claimed;
    }
    await mine.finish(held.map((task) => ended(task, supervisor_id, COMPLETED)));
  };
  await Promise.all(['s1', 's2', 's3', 's4'].map(work));
  t.equal(runs.length, 500);
  t.strictSame(new Set(runs), new Set(submitted.map((task) => task.task_id)));
  t.match(await queue.depth(), { pending: 0, running: 0, parked: 0 });
  t.equal((await queue.list({ status: 'completed' })).total, 500);
});
