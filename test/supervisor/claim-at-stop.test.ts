import t from 'tap';
import { submit } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { fail, openCrew } from './support/crew.ts';

t.test('a claim that is on its way when the supervisor is told to stop goes straight back', async (t) => {
  const { url } = await freshRedis(t);
  const { queue, runs, puller } = await openCrew(t, url);
  const task_id = await submit(queue, 'spin');
  await puller.start(fail); // sends its first claim
  await puller.stopAccepting();
  await runs.untilIdle();
  const task = await queue.get(task_id);
  t.match(task, { status: 'pending', attempt: 0, losses: 0, owner: null, progress_message: 'shutdown' });
});
