/** Redis comes back empty while Postgres remembers: the fences count on, and work goes on. */
import t from 'tap';
import { submit, until } from '../support/queue.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test(
  'after Redis was emptied, a sync of a known job type completes without using up an attempt',
  async (t) => {
    const { env, queue, database } = await startStack(t, {});
    const supervisor = await startSupervisor(t, env);
    await until(queue, await submit(queue, 'trade_cal'), (task) => task.status === 'completed');
    await database.query(`UPDATE job_fences SET fence = 40 WHERE job_type = 'trade_cal.full'`);

    const task_id = await submit(queue, 'trade_cal');
    const task = await until(queue, task_id, (task) => ['completed', 'failed'].includes(task.status));
    t.match(task, { status: 'completed', attempt: 1 }, task.error_message ?? 'no error');
    t.ok((task.fence ?? 0) > 40, `its fence is ${task.fence}`);
    t.ok(
      supervisor.log.some((line) => line.known_fence === 40),
      'and the supervisor says what had happened',
    );
  },
);
