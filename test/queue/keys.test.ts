/** The names of the keys, as somebody with redis-cli sees them (R23, D33). */
import { Cluster } from 'ioredis';
import t from 'tap';
import { CallCount } from '../../src/queue/call-count.ts';
import { Queue } from '../../src/queue/queue.ts';
import { allKeys, newTask, setup, submitOne } from './support.ts';

t.test('{stock}:task_queue:0, {stock}:task:<id>, {stock}:execution:<id>', async (t) => {
  const { queue, redis } = await setup(t);
  const ids: string[] = [];
  for (const priority of [0, 1, 2] as const)
    ids.push(await submitOne(queue, { priority, task_id: `t${priority}` }));
  for (const priority of [0, 1, 2]) {
    t.equal(await redis.type(`{stock}:task_queue:${priority}`), 'list');
    t.strictSame(await redis.lrange(`{stock}:task_queue:${priority}`, 0, -1), [`t${priority}`]);
    t.equal(await redis.type(`{stock}:task:t${priority}`), 'hash');
    t.match(await redis.hgetall(`{stock}:task:t${priority}`), { sequence: String(priority + 1) });
  }
  const { execution_id, task_ids } = await queue.executions.submit({
    kind: 'tasks',
    label: 'two',
    tasks: [0, 1].map(() => ({ task: newTask(), needs: [] })),
  });
  t.equal(await redis.type(`{stock}:execution:${execution_id}`), 'hash');
  t.match(await redis.hgetall(`{stock}:execution:${execution_id}`), {
    status: 'pending',
    total: '2',
    pending: '2',
  });
  for (const id of task_ids) t.equal(await redis.hget(`{stock}:task:${id}`, 'execution_id'), execution_id);
  for (const key of await allKeys(redis)) t.match(key, /^\{stock\}:/, 'every key has the hash tag');
});

t.test('two prefixes on one Redis do not see each other', async (t) => {
  const { queue, redis } = await setup(t);
  const other = new Queue(redis, 'other');
  const id = await submitOne(other);
  t.equal(await queue.get(id), null);
  t.strictSame(await queue.claim({ supervisor_id: 's', free: 9, lease_ms: 1000 }), []);
  t.equal(await redis.exists(`{other}:task:${id}`), 1);
});

t.test('calls:<id> counts, and never stands without its end', async (t) => {
  const { redis } = await setup(t);
  const calls = new CallCount(redis, 'stock');
  for (const _ of [1, 2]) await calls.note('a');
  t.equal(await calls.of('a'), 2);
  t.equal(await calls.of('none'), 0);
  t.ok((await redis.ttl('{stock}:calls:a')) > 7 * 86_400);
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const may = (what: string) => Promise.all(nodes.map((node) => node.acl('SETUSER', 'default', what)));
  t.teardown(() => may('+@all'));
  await may('-expire'); // what a process that dies between the two commands leaves undone
  await t.rejects(calls.note('b'));
  t.equal(await redis.exists('{stock}:calls:b'), 0);
});
