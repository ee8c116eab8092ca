import { execFileSync } from 'node:child_process';
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

t.test(
  'what a run says of itself holds no secret: neither with its progress nor with its pause',
  async (t) => {
    const redis = await freshRedis(t);
    const queue = await openTestQueue(t, redis.url);
    const TUSHARE_TOKEN = 'a-token-of-nobody-0123456789';
    const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, TUSHARE_TOKEN });
    const task_id = await submit(queue, 'blabs');
    const said = await until(queue, task_id, ({ progress_message }) => progress_message !== null);
    t.equal(said.progress_message, '*** was told with the progress');
    t.equal(await supervisor.stop(), 0);
    t.match(await queue.get(task_id), { status: 'pending', progress_message: '*** was told with the pause' });
    t.ok(supervisor.log.some((line) => /was told with the pause/.test(JSON.stringify(line))));
    t.notMatch(JSON.stringify(supervisor.log), TUSHARE_TOKEN);
  },
);

t.test('a secret in the words or the fields of a line does not reach the log', async (t) => {
  const env = { TUSHARE_TOKEN: 'a-"token"-of-nobody', DATABASE_URL: 'postgres://me:pass%40word@there/x' };
  const [log, redact] = ['log', 'redact'].map(
    (name) => new URL(`../../src/${name}.ts`, import.meta.url).href,
  );
  const program = `
    import { createLogger } from '${log}';
    import { secretHider } from '${redact}';
    import { loadConfig } from '${new URL('../../src/config.ts', import.meta.url).href}';
    const config = loadConfig();
    const log = createLogger('test', 'info', secretHider(config));
    log.info({ asked: { body: { token: config.TUSHARE_TOKEN } } }, 'sent ' + config.TUSHARE_TOKEN);
    log.child({ url: config.DATABASE_URL }).warn({ err: new Error('no pass@word fits') }, 'kept: /some/path');`;
  const lines = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  const [sent, kept] = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(sent, { asked: { body: { token: '***' } }, msg: 'sent ***' });
  t.match(kept, {
    url: /^postgres:.*\*\*\*@there.x$/,
    msg: 'kept: /some/path',
    err: { message: 'no *** fits' },
  });
});
