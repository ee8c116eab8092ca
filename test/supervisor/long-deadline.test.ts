import t from 'tap';
import { submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { fail, openCrew } from './support/crew.ts';

t.test('a deadline further away than a timer reaches is not a deadline of now', async (t) => {
  const { url } = await freshRedis(t);
  const { queue, puller } = await openCrew(t, url);
  await puller.start(fail);
  const params = { steps: 2, step_ms: 50 };
  const task_id = await submit(queue, 'steady', { params, timeout_seconds: 30 * 86_400 });
  puller.look();
  const ended = await until(queue, task_id, (task) => task.attempt === 1);
  t.match(ended, { status: 'completed', last_error_type: null });
});
