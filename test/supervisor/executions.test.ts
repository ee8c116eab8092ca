/** An execution on real supervisors: in order, through a kill, to its one end. */
import t from 'tap';
import type { PlannedTask } from '../../src/queue/execution.ts';
import { openTestQueue, taskOf, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

function planned(key: string, dataset: string, params: object, needs: number[]): PlannedTask {
  const mode = key === 'b' ? 'history' : 'full';
  return { key, needs, task: taskOf(dataset, { mode, params: { ...params }, max_attempts: 2 }) };
}

t.test(
  'a dependant starts after its prerequisites, also when a supervisor is killed on the way',
  async (t) => {
    const redis = await freshRedis(t);
    const queue = await openTestQueue(t, redis.url);
    const env = { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2', TASK_RETRY_BASE_SECONDS: '0' };
    const doomed = await startSupervisor(t, env);
    const { execution_id, task_ids } = await queue.executions.submit({
      kind: 'tasks',
      label: 'chain',
      tasks: [
        planned('a', 'steady', { steps: 20, step_ms: 50 }, []),
        planned('b', 'steady', { steps: 2, step_ms: 10 }, [0]),
        planned('c', 'noop', {}, [0, 1]),
        planned('d', 'fails', {}, [0]),
        planned('e', 'spin', {}, [3]),
      ],
    });
    const [a = '', b = '', c = '', d = '', e = ''] = task_ids;
    await until(queue, a, (task) => task.status === 'running');
    const survivor = await startSupervisor(t, env);
    await doomed.kill();
    const third = await until(queue, c, (task) => task.status === 'completed', 40_000);
    const [first, second] = await queue.getMany([a, b]);
    t.match(first, { status: 'completed', losses: 0 });
    t.ok((second?.started_at ?? 0) >= (first?.completed_at ?? Number.POSITIVE_INFINITY));
    t.ok((third.started_at ?? 0) >= (second?.completed_at ?? Number.POSITIVE_INFINITY));
    t.match(await until(queue, d, (task) => task.status === 'failed'), { attempt: 2 });
    t.match(await queue.get(e), { status: 'failed', last_error_type: 'dependency_failed', attempt: 0 });
    const ended = await queue.executions.get(execution_id);
    t.match(ended?.execution, { status: 'failed', attempt: 1, counts: { completed: 3, failed: 2 } });

    await queue.executions.retry(execution_id);
    const again = (await queue.executions.get(execution_id))?.tasks.find((task) => task.key === 'd');
    await until(queue, again?.task_id ?? '', (task) => task.status !== 'pending');
    await queue.executions.stop(execution_id).catch(() => {}); // it may have failed already
    await until(
      queue,
      again?.task_id ?? '',
      (task) => task.status === 'failed' || task.status === 'cancelled',
    );
    const last = await queue.executions.get(execution_id);
    t.match(last?.execution, { attempt: 2, counts: { completed: 3, pending: 0, running: 0 } });
    t.equal(await survivor.stop(), 0);
  },
);
