import { Redis } from 'ioredis';
import t from 'tap';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('a Redis that refuses the password does not bring it into the log', async (t) => {
  const redis = await freshRedis(t);
  const { password } = new URL(redis.url);
  t.ok(password, 'there is one to hide');
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, LOG_LEVEL: 'debug' });
  const admin = new Redis(redis.url);
  t.teardown(() => admin.disconnect());
  await admin.config('SET', 'requirepass', 'another');
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  const refused = (source: string) =>
    supervisor.logged(
      (line) => String(line.msg).startsWith(source) && /WRONGPASS/.test(JSON.stringify(line)),
    );
  await Promise.all([refused('call window'), refused('type locks')]);
  t.notMatch(JSON.stringify(supervisor.log), password);

  await admin.config('SET', 'requirepass', password);
  const queue = await openTestQueue(t, redis.url);
  await until(queue, await submit(queue, 'noop'), (task) => task.status === 'completed');
});
