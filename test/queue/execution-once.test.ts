/** Many supervisors end the tasks of one execution at the same moment: it ends once, with the right counts (R37). */
import t from 'tap';
import type { Queue } from '../../src/queue/queue.ts';
import type { Outcome } from '../../src/queue/task.ts';
import { auditedEnds, feedOf, seeExecution, submitGraph } from './execution-support.ts';
import { COMPLETED, ended, FAILED, retryIn, setup } from './support.ts';

/** Claims and ends tasks until all have ended; the outcome follows from the task's place, not from chance. */
async function work(
  queue: Queue,
  supervisor_id: string,
  execution_id: string,
  outcome: (key: number) => Outcome,
) {
  for (;;) {
    const claimed = await queue.claim({ supervisor_id, free: 3, lease_ms: 60_000 });
    const tasks = await queue.getMany(claimed.map((run) => run.task_id));
    const finishes = claimed.map((run, i) =>
      ended(run, supervisor_id, outcome(Number(tasks[i]?.key?.slice(1)) + (run.attempt > 0 ? 0.5 : 0))),
    );
    // each for itself, and twice: as when an answer is lost
    await Promise.all(finishes.flatMap((finish) => [queue.finish([finish]), queue.finish([finish])]));
    const seen = await queue.executions.get(execution_id, { limit: 0 });
    if (seen?.execution.completed_at) return;
  }
}

t.test(
  '200 tasks ended by 4 supervisors at once: the execution ends once, and its counts are right',
  async (t) => {
    const bundle = await setup(t);
    const queues = await Promise.all(Array.from({ length: 4 }, () => bundle.another()));
    // Chains of four: k4 needs k0, k8 needs k4, …; the first attempt of every third is repeated.
    const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
    const graph = Object.fromEntries(keys.map((key, i) => [key, i % 16 < 4 ? '' : `k${i - 4}`]));
    const { execution_id } = await submitGraph(bundle.queue, graph);
    const outcome = (key: number): Outcome => {
      if (!Number.isInteger(key)) return COMPLETED; // a second attempt
      if (key === 4) return FAILED; // with k8 and k12
      return key % 3 === 0 ? retryIn(0) : COMPLETED;
    };
    await Promise.all(queues.map((queue, i) => work(queue, `s${i}`, execution_id, outcome)));

    const seen = await seeExecution(bundle.queue, execution_id);
    t.match(seen, {
      status: 'failed',
      attempt: 1,
      counts: { pending: 0, running: 0, completed: 197, failed: 3, cancelled: 0 },
    });
    t.equal(seen.tasks.filter((task) => task.status === 'completed').length, 197, 'as its tasks say');
    t.strictSame(await auditedEnds(bundle, execution_id), ['failed 1']);
    const ends = (await feedOf(bundle, execution_id)).filter(({ event }) => event === 'execution_failed');
    t.equal(ends.length, 1);

    await bundle.queue.executions.retry(execution_id);
    await Promise.all(queues.map((queue, i) => work(queue, `s${i}`, execution_id, () => COMPLETED)));
    t.match(await seeExecution(bundle.queue, execution_id), {
      status: 'completed',
      attempt: 2,
      counts: { completed: 200, failed: 0 },
    });
    t.strictSame(await auditedEnds(bundle, execution_id), ['failed 1', 'completed 2']);
  },
);

t.test('the end of a prerequisite, a cancel and a stop cross: every task ends, each once', async (t) => {
  const bundle = await setup(t);
  const queues = await Promise.all(Array.from({ length: 4 }, () => bundle.another()));
  for (let round = 0; round < 60; round++) {
    const { execution_id, ids } = await submitGraph(bundle.queue, { a: '', b: 'a', c: 'b', d: 'a' });
    const [one, two, three] = queues as [Queue, Queue, Queue, Queue];
    const [run] = await one.claim({ supervisor_id: 's1', free: 1, lease_ms: 60_000 });
    if (!run) throw new Error('nothing to claim');
    await Promise.allSettled([
      one.finish([ended(run, 's1', round % 2 ? COMPLETED : FAILED)]),
      two.cancel(ids.b as string),
      round % 3 ? three.cancel(ids.d as string) : three.executions.stop(execution_id),
    ]);
    await work(one, 's1', execution_id, () => COMPLETED);
    const { counts, tasks, attempt } = await seeExecution(bundle.queue, execution_id);
    const told = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (told !== 4 || attempt !== 1 || counts.pending + counts.running > 0)
      t.fail(`round ${round}`, { counts });
    for (const status of ['completed', 'failed', 'cancelled'] as const)
      if (tasks.filter((task) => task.status === status).length !== counts[status])
        t.fail(`round ${round}: ${status}`, { counts });
  }
  t.match(await bundle.queue.depth(), { blocked: 0, pending: 0, running: 0 });
});
