import t from 'tap';
import { submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { fail, openCrew } from './support/crew.ts';

t.test('a task that is lost and claimed again: the earlier run ends, and only that one', async (t) => {
  const { url } = await freshRedis(t);
  const { redis, queue, runs, puller, reaper, keeper } = await openCrew(t, url);
  const task_id = await submit(queue, 'steady', { params: { steps: 20, step_ms: 100 } });
  await reaper.start(fail);
  await puller.start(fail);
  const { fence } = await until(queue, task_id, (task) => task.progress > 0);
  const [earlier] = runs.all();
  // as after a freeze: the lease has ended, somebody has reaped it, and nobody has told us yet
  await redis.zadd('{stock}:running', Date.now() - 1, task_id);
  await queue.reap();
  puller.look();
  await keeper.start(fail); // its first beat asks for the lease of the earlier run, right behind the new claim
  const completed = await until(queue, task_id, (task) => task.status === 'completed');
  t.ok(earlier?.leaseLost);
  t.match(completed, { attempt: 1, losses: 0, records_processed: 20 });
  t.ok((completed.fence ?? 0) > (fence ?? 0));
  const losses = (await redis.xrange('{stock}:events', '-', '+')).filter(([, line]) => line.includes('lost'));
  t.equal(losses.length, 1, 'the new run was not given up with the old one');
});
