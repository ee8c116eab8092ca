import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { snapshot, startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';
import { FIXTURE_DATASETS } from '../support/supervisor.ts';

async function setUp(t: Test, settings: Record<string, string> = {}) {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS, ...settings });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const submit = async (body: object) => (await api.post('/api/v1/executions', body)).body.data;
  const see = async (id: string) => (await api.get(`/api/v1/executions/${id}`)).body.data;
  /** Runs whatever can be claimed to its end. */
  const work = async (kind: 'completed' | 'failed') => {
    const runs = await queue.claim({ supervisor_id: 's1', free: 100, lease_ms: LEASE_MS });
    const outcome =
      kind === 'completed'
        ? ({ kind, records_processed: 1 } as const)
        : ({ kind, error_type: 'invalid_params', error_message: 'no' } as const);
    await queue.finish(runs.map(({ task_id, fence }) => ({ task_id, fence, supervisor_id: 's1', outcome })));
    return runs.map((run) => run.dataset);
  };
  return { redis, api, queue, submit, see, work };
}

t.test('tasks with dependencies: answered at once, seen by id, stopped and retried in part', async (t) => {
  const { api, submit, see, work } = await setUp(t);
  const answer = await api.post('/api/v1/executions', {
    tasks: [
      { key: 'last', dataset: 'noop', depends_on: ['first', 'second'] },
      { key: 'first', dataset: 'steady', params: { steps: 1 } },
      { key: 'second', dataset: 'fails' },
      { dataset: 'spin', mode: 'backfill' },
    ],
    priority: 'high',
    max_attempts: 2,
  });
  t.equal(answer.status, 202);
  const { execution_id, tasks } = answer.body.data;
  t.match(answer.body, {
    code: 'EXECUTION_SUBMITTED',
    data: {
      kind: 'tasks',
      label: 'steady.full, fails.full, noop.full, spin.backfill',
      status: 'pending',
      total: 4,
      tasks: [
        { key: 'first', params: { steps: 1 }, depends_on: [], execution_id, status: 'pending' },
        { key: 'second', priority: 'high', max_attempts: 2 },
        { key: 'last', depends_on: [tasks[0].task_id, tasks[1].task_id] },
        { key: null, job_type: 'spin.backfill' },
      ],
    },
  });
  t.match(await see(execution_id), {
    status: 'pending',
    created_at: /Z$/,
    started_at: null,
    counts: { pending: 4 },
    tasks: [{ task_id: tasks[0].task_id }, {}, { key: 'last', depends_on: [String, String] }, {}],
    limit: 50,
    offset: 0,
  });
  const page = (await api.get(`/api/v1/executions/${execution_id}?offset=1&limit=2`)).body.data;
  t.same(
    page.tasks.map((task: { key: string }) => task.key),
    ['second', 'last'],
  );
  t.match((await api.get(`/api/v1/tasks/${tasks[2].task_id}`)).body.data, { execution_id, key: 'last' });

  t.same((await work('failed')).sort(), ['fails', 'spin', 'steady']);
  t.match(await see(execution_id), {
    status: 'failed',
    counts: { failed: 4 },
    tasks: [{}, {}, { last_error_type: 'dependency_failed' }, {}],
  });
  t.match((await api.post(`/api/v1/executions/${execution_id}/stop`)).body, { code: 'EXECUTION_ENDED' });
  const retried = await api.post(`/api/v1/executions/${execution_id}/retry`);
  t.equal(retried.status, 202);
  t.match(retried.body, { code: 'EXECUTION_RETRIED', data: { status: 'running', counts: { pending: 4 } } });
  t.equal(retried.body.data.task_ids.length, 4);
  t.equal((await api.post(`/api/v1/executions/${execution_id}/retry`)).status, 409);
  const stopped = await api.post(`/api/v1/executions/${execution_id}/stop`);
  t.equal(stopped.status, 202);
  t.match(stopped.body, {
    code: 'EXECUTION_STOPPING',
    data: { status: 'cancelled', cancelled: 4, stopping: 0 },
  });

  const second = await submit({ tasks: [{ dataset: 'noop' }] });
  const list = (await api.get('/api/v1/executions?limit=1')).body.data;
  t.match(list, { total: 2, executions: [{ execution_id: second.execution_id }] });
  t.match((await api.get('/api/v1/executions?status=cancelled')).body.data, {
    executions: [{ execution_id }],
  });
  const found = async (query: string) => (await api.get(`/api/v1/executions?${query}`)).body.data;
  const next = await found(`limit=1&cursor=${list.next_cursor}`);
  t.match(next, { total: 2, looked_at: 1, next_cursor: null, executions: [{ execution_id }] });
  t.match(await found('kind=group'), { executions: [], total: null, looked_at: 2 });
  t.match(await found(`kind=tasks&id=${execution_id.slice(0, 8)}`), { executions: [{ execution_id }] });
  t.match(await found('to=2020-01-01T00:00:00%2B08:00'), { executions: [], next_cursor: null });
  t.equal((await api.get('/api/v1/executions?offset=1&kind=tasks')).status, 400);
});

t.test('a group: one task a dataset, in the order of what they need (R39)', async (t) => {
  const { submit, see, work } = await setUp(t);
  const group = await submit({ datasets: ['daily', 'stock_basic', 'trade_cal', 'noop'] });
  t.match(group, { kind: 'group', total: 4 });
  t.same((await work('completed')).sort(), ['noop', 'stock_basic', 'trade_cal']);
  t.same(await work('completed'), ['daily']);
  t.match(await see(group.execution_id), { status: 'completed', counts: { completed: 4 } });
  const alone = await submit({ datasets: ['daily'] });
  t.same(await work('completed'), ['daily'], 'needs that are not in the group are not waited for');
  t.match(await see(alone.execution_id), { status: 'completed' });
});

t.test('a backfill by date: one task a date (R38)', async (t) => {
  const { submit, api } = await setUp(t);
  const dates = ['20190103', '2019-01-02', '20190104', '20190102'];
  const backfill = await submit({ dataset: 'daily', mode: 'backfill', params: { dates }, per: 'date' });
  t.match(backfill, { kind: 'backfill', label: 'daily.backfill', total: 3 });
  t.same(
    backfill.tasks.map((task: { params: object; key: string }) => [task.key, task.params]),
    ['20190102', '20190103', '20190104'].map((date) => [date, { dates: [date] }]),
  );
  const bad = await api.post('/api/v1/executions', {
    dataset: 'daily',
    params: { dates: ['20190103', '20190230', '20190231'] },
    per: 'date',
  });
  t.match(bad, { status: 400, body: { code: 'INVALID_PARAMS', message: /20190230.*; .*20190231/ } });
});

t.test('what can not be run is refused as a whole, and nothing is left behind', async (t) => {
  const { redis, api } = await setUp(t);
  const before = await snapshot(redis.url);
  const noop = { dataset: 'noop' };
  const refused: [body: object, status: number, code: string, message: RegExp][] = [
    [{}, 400, 'INVALID_PARAMS', /exactly one of tasks, datasets and dataset/],
    [{ tasks: [noop], datasets: ['noop'] }, 400, 'INVALID_PARAMS', /exactly one/],
    [{ tasks: [] }, 400, 'VALIDATION_FAILED', /tasks/],
    [{ tasks: [noop], mode: 'full' }, 400, 'INVALID_PARAMS', /go with dataset/],
    [{ tasks: [noop, { dataset: 'nope' }] }, 404, 'UNKNOWN_DATASET', /no dataset nope/],
    [{ tasks: [{ ...noop, depends_on: ['x'] }] }, 400, 'INVALID_PARAMS', /depends on x/],
    [
      {
        tasks: [
          { ...noop, key: 'a', depends_on: ['b'] },
          { ...noop, key: 'b', depends_on: ['a'] },
        ],
      },
      400,
      'INVALID_PARAMS',
      /circle: a needs b needs a/,
    ],
    [
      {
        tasks: [
          { ...noop, key: 'a' },
          { ...noop, key: 'a' },
        ],
      },
      400,
      'INVALID_PARAMS',
      /used twice/,
    ],
    [{ tasks: [{ ...noop, extra: 1 }] }, 400, 'VALIDATION_FAILED', /extra is not known/],
    [{ datasets: ['noop', 'noop'] }, 400, 'INVALID_PARAMS', /twice/],
    [
      {
        tasks: [
          { ...noop, key: 'a' },
          { ...noop, key: 'a', depends_on: ['x', 'y'] },
        ],
      },
      400,
      'INVALID_PARAMS',
      /the key a is used twice; a depends on x.*; a depends on y/,
    ],
    [
      {
        tasks: [
          { dataset: 'daily', params: { start_date: '20190230' } },
          { dataset: 'stock_basic', params: { start_date: '20190102' } },
          { dataset: 'dayly' },
          { dataset: 'stock_basik' },
        ],
      },
      404,
      'UNKNOWN_DATASET',
      /daily: start_date.*20190230.*; stock_basic: unknown parameter.*; .*no dataset dayly.*; .*no dataset stock_basik/,
    ],
    [{ datasets: ['nobody', 'noone'] }, 404, 'UNKNOWN_DATASET', /nobody.*noone/],
    [{ datasets: ['nobody'] }, 404, 'UNKNOWN_DATASET', /nobody/],
    [{ dataset: 'daily', params: { dates: ['20190103'] } }, 400, 'INVALID_PARAMS', /per must be date/],
    [{ dataset: 'daily', params: {}, per: 'date' }, 400, 'INVALID_PARAMS', /at least one date/],
    [{ tasks: Array(1001).fill(noop) }, 400, 'VALIDATION_FAILED', /1000/],
  ];
  for (const [body, status, code, message] of refused) {
    const answer = await api.post('/api/v1/executions', body);
    t.match(answer, { status, body: { success: false, code, message, data: null } }, String(message));
  }
  for (const path of ['', '/stop', '/retry']) {
    const method = path ? api.post : api.get;
    t.match(await method(`/api/v1/executions/nobody${path}`), {
      status: 404,
      body: { code: 'EXECUTION_NOT_FOUND' },
    });
  }
  t.same(await snapshot(redis.url), before);
  await redis.stop();
  for (const answer of await Promise.all([
    api.post('/api/v1/executions', { tasks: [noop] }),
    api.get('/api/v1/executions'),
    api.get('/api/v1/executions/any'),
    api.post('/api/v1/executions/any/stop'),
    api.post('/api/v1/executions/any/retry'),
    api.post('/api/v1/tasks/any/retry'),
  ]))
    t.match(answer, { status: 503, body: { code: 'QUEUE_UNAVAILABLE' } });
});

t.test('without a token nothing of an execution is submitted', async (t) => {
  const { redis, api } = await setUp(t, { TUSHARE_TOKEN: '' });
  const before = await snapshot(redis.url);
  t.match(await api.post('/api/v1/executions', { datasets: ['noop', 'daily'] }), {
    status: 422,
    body: { code: 'TUSHARE_TOKEN_MISSING' },
  });
  t.same(await snapshot(redis.url), before);
});

t.test('in a terminal: executions, status, retry, stop', async (t) => {
  const { api, submit, work, queue } = await setUp(t);
  const env = { DAYLINE_URL: api.url };
  t.match(await dayline(t, ['executions'], env), { code: 0, stdout: 'No executions.\n' });
  const { execution_id, tasks } = await submit({ datasets: ['noop', 'fails'] });
  await work('failed');
  const list = await dayline(t, ['executions', '--status', 'failed'], env);
  t.match(list.stdout, new RegExp(`^${execution_id}  noop\\.full, fails\\.full  failed +0/2 +2 `, 'm'));
  const one = await dayline(t, ['status', execution_id], env);
  t.match(one.stdout, /2 tasks: 0 completed, 0 running, 0 waiting, 2 failed, 0 cancelled/);
  t.match(one.stdout, new RegExp(`${tasks[0].task_id}  noop +noop\\.full +failed \\[invalid_params\\]`));
  const retried = await dayline(t, ['retry', tasks[0].task_id], env);
  t.match(retried, { code: 0, stdout: /^Runs again: noop\.full \S+\n$/ });
  t.match(await dayline(t, ['retry', execution_id], env), { code: 0, stdout: '1 tasks run again\n' });
  await queue.claim({ supervisor_id: 's1', free: 1, lease_ms: LEASE_MS });
  t.match(await dayline(t, ['stop', execution_id], env), {
    code: 0,
    stdout: /1 tasks cancelled, 1 being stopped/,
  });
  for (const verb of ['status', 'retry', 'stop'])
    t.match(await dayline(t, [verb, 'nobody'], env), {
      code: 1,
      stdout: '',
      stderr: /^TASK_NOT_FOUND: .*\n$/,
    });
});
