import { Redis } from 'ioredis';
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { startApi } from '../support/api.ts';
import { program } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';

t.test('watch follows a task to its end; the exit code tells how it ended', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const env = { DAYLINE_URL: api.url };
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const claim = async () => {
    const [task] = await queue.claim({ supervisor_id: 'one', free: 1, lease_ms: LEASE_MS });
    return { task_id: task?.task_id as string, supervisor_id: 'one', fence: task?.fence as number };
  };

  t.test('completed: 0', async (t) => {
    const watching = program(t, 'cli.ts', ['submit', 'stock_basic', '--watch'], env);
    await watching.prints(/stock_basic\.full {2}0% {2}0 rows {2}0:00 {2}attempt 1\/4 {2}pending/);
    const run = await claim();
    await watching.prints(/running/);
    await queue.progress(run, 50, 2700);
    await watching.prints(/50% {2}2,700 rows/);
    await queue.finish([{ ...run, outcome: { kind: 'completed', records_processed: 5400 } }]);
    const { code, stdout } = await watching.ended;
    t.equal(code, 0);
    t.match(stdout, new RegExp(`Completed: stock_basic\\.full ${run.task_id}, 5,400 rows in \\d:\\d\\d\\.`));
  });

  t.test('a retry that is waited for, then failed: 1', async (t) => {
    const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'trade_cal', max_attempts: 2 })).body
      .data;
    const watching = program(t, 'cli.ts', ['watch', task_id], env);
    await watching.prints(/pending/);
    const error = { error_type: 'network', error_message: 'connection reset' };
    const first = await claim();
    await queue.finish([{ ...first, outcome: { kind: 'retry', delay_ms: 700, ...error } }]);
    await watching.prints(/attempt 2\/2 {2}waiting for retry at [\d-]+ [\d:]+ Shanghai \(network\)/);
    // promoted when it is due: ticks are what a supervisor does once a second
    let second: typeof first;
    do {
      await queue.tick('one', [], LEASE_MS);
      second = await claim();
    } while (second.task_id === undefined);
    await queue.finish([{ ...second, outcome: { kind: 'failed', ...error } }]);
    const { code, stdout } = await watching.ended;
    t.equal(code, 1);
    t.match(stdout, /Failed: trade_cal\.full \S+ \[network\] connection reset/);
  });

  t.test('Ctrl-C: 130, and the task goes on', async (t) => {
    const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
    const watching = program(t, 'cli.ts', ['watch', task_id], env);
    await watching.prints(/pending/);
    watching.child.kill('SIGINT');
    const { code, stdout } = await watching.ended;
    t.equal(code, 130);
    t.match(stdout, /the task goes on.*dayline watch/);
    t.equal((await api.get(`/api/v1/tasks/${task_id}`)).body.data.status, 'pending');
  });

  t.test('watching outlives an absence of Redis', async (t) => {
    const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic', mode: 'full' })).body.data;
    const watching = program(t, 'cli.ts', ['watch', task_id], env);
    await watching.prints(/pending/);
    await redis.stop();
    await watching.prints(/queue is not available/);
    await redis.restart();
    await new Promise((resolve) =>
      connection.status === 'ready' ? resolve(0) : connection.once('ready', resolve),
    );
    await queue.cancel(task_id);
    const { code, stdout } = await watching.ended;
    t.equal(code, 1);
    t.match(stdout, /Cancelled: stock_basic\.full/);
  });
});
