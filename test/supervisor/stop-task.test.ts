/** A running task is stopped from outside: its thread ends, its slot works on, and nothing brings it back (D25). */
import t, { type Test } from 'tap';
import type { Task } from '../../src/queue/task.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

async function setUp(t: Test) {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const env = { REDIS_URL: redis.url, SUPERVISOR_THREADS: '1' };
  return { queue, env, supervisor: await startSupervisor(t, env) };
}

const isRunning = (task: Task) => task.status === 'running';
const isCancelled = (task: Task) => task.status === 'cancelled';
const isCompleted = (task: Task) => task.status === 'completed';

t.test('a spinning task is stopped within a beat, and its thread runs the next', async (t) => {
  const { queue, supervisor } = await setUp(t);
  const spin = await submit(queue, 'spin');
  await until(queue, spin, isRunning);
  const next = await submit(queue, 'noop');
  const { stop_requested_at } = await queue.stop(spin);
  const ended = await until(queue, spin, isCancelled);
  t.match(ended, { attempt: 1, losses: 0, last_error_type: null, owner: /^sup-/ });
  t.ok(ended.completed_at && stop_requested_at && ended.completed_at - stop_requested_at < 2_000);
  t.match(await until(queue, next, isCompleted), { attempt: 1 });
  t.ok(supervisor.log.some((line) => line.reason === 'cancelled' && line.task_id === spin));
});

t.test('a task that waits for something keeps what it has reached when it is stopped', async (t) => {
  const { queue } = await setUp(t);
  const steady = await submit(queue, 'steady', { params: { steps: 500, step_ms: 20 } });
  await until(queue, steady, (task) => isRunning(task) && task.records_processed > 0);
  await queue.stop(steady);
  const ended = await until(queue, steady, isCancelled);
  t.ok(ended.records_processed > 0 && ended.progress < 100);
});

t.test('the wish outlives the supervisor it was told to', async (t) => {
  const { queue, env, supervisor } = await setUp(t);
  const spin = await submit(queue, 'spin');
  await until(queue, spin, isRunning);
  supervisor.signal('SIGSTOP');
  await queue.stop(spin);
  await supervisor.kill();
  await startSupervisor(t, env);
  t.match(await until(queue, spin, isCancelled), { attempt: 1, losses: 1 });
  const next = await submit(queue, 'spin', { timeout_seconds: 1 });
  await until(queue, next, (task) => task.last_error_type === 'timeout');
  t.equal((await queue.get(spin))?.status, 'cancelled', 'it stays so');
});
