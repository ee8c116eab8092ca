/** How much of Redis a queued task takes. The figure is printed; what is asserted is what it rests on. */
import t from 'tap';
import type { Priority } from '../../src/queue/task.ts';
import { newTask, setup } from './support.ts';

const COUNT = 20_000;

t.test('the hash of a queued task stays compact', async (t) => {
  const { queue, redis } = await setup(t);
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const measure = async (what: string, params: Record<string, unknown>) => {
    await redis.flushall();
    await queue.submit([newTask()]);
    // The live feed is capped, so it is not part of what one more task costs.
    const before = (await used()) - Number(await redis.memory('USAGE', queue.keys.events));
    const tasks = Array.from({ length: COUNT }, (_, i) =>
      newTask({ dataset: 'daily', mode: 'backfill', priority: (i % 3) as Priority, params }),
    );
    const submitted = await queue.submit(tasks);
    const after = (await used()) - Number(await redis.memory('USAGE', queue.keys.events, 'SAMPLES', 0));
    t.comment(`${what}: ${Math.round((after - before) / COUNT)} bytes of Redis a queued task`);
    const id = submitted[COUNT - 1]?.task_id as string;
    t.equal(await redis.object('ENCODING', queue.keys.task(id)), 'listpack');
  };
  await measure('short params', { start_date: '20190101', end_date: '20191231' });
  await measure('300 bytes of params', { codes: 'x'.repeat(288) });
});
