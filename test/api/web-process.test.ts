import { createServer } from 'node:net';
import t from 'tap';
import { program } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';

const SETTINGS = { PORT: '0', TUSHARE_TOKEN: 'token-of-the-test', LOG_LEVEL: 'silent' };

t.test(
  'the web process says where it is, keeps the state over its restart and ends on SIGTERM',
  async (t) => {
    const redis = await freshRedis(t);
    const env = { ...SETTINGS, REDIS_URL: redis.url };
    const start = async () => {
      const web = program(t, 'web.ts', [], env);
      const [, url] = (await web.prints(/Dayline is at \S+\n/)).match(/at (\S+)/) ?? [];
      return { web, tasks: `${url}/api/v1/tasks` };
    };
    const first = await start();
    const body = JSON.stringify({ dataset: 'stock_basic' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(first.tasks, { method: 'POST', headers, body });
    const submitted = (await answer.json()) as { data: { task_id: string } };
    first.web.child.kill('SIGTERM');
    t.match(await first.web.ended, { code: 0, stderr: '' });

    const second = await start();
    const seen = await (await fetch(`${second.tasks}/${submitted.data.task_id}`)).json();
    t.match(seen, { success: true, data: { status: 'pending', dataset: 'stock_basic' } });
  },
);

t.test('what an operator can mend is one line, and exit code 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  const faults: [env: Record<string, string>, message: RegExp][] = [
    [{ HOST: '0.0.0.0' }, /^web: could not start: HOST 0\.0\.0\.0 .*API_OPERATE_TOKENS.*\n$/],
    [{ PORT: String(port) }, /^web: could not start: PORT \d+ is taken.*\n$/],
    [{ PORT: 'many' }, /^web: could not start: These settings can't be used: PORT .*\n$/],
    [{ DATASETS_PATH: '/no/such/folder' }, /^web: could not start: .*DATASETS_PATH.*\n$/],
  ];
  for (const [env, message] of faults) {
    const { code, stderr } = await program(t, 'web.ts', [], { ...SETTINGS, ...env }).ended;
    t.equal(code, 1);
    t.match(stderr, message);
  }
});
