/** An execution that is retried ends more than once: each of its ends has a row, with the counts of that moment. */
import t from 'tap';
import { startApi } from '../support/api.ts';
import { taskOf } from '../support/queue.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { type AuditBundle, setUp, untilAudited, untilSo } from './support.ts';

const task = (dataset: string, params = {}) => taskOf(dataset, { params, max_attempts: 1 });

/** Three tasks, of which the first one fails and takes the third along. */
async function submitThree({ queue }: AuditBundle): Promise<string> {
  const { execution_id } = await queue.executions.submit({
    kind: 'group',
    label: '三个任务',
    tasks: [
      { task: task('fails'), key: 'first', needs: [] },
      { task: task('noop'), key: 'second', needs: [] },
      { task: task('steady', { steps: 1 }), key: 'third', needs: [0] },
    ],
  });
  return execution_id;
}

const untilFailed = ({ queue }: AuditBundle, id: string) =>
  untilSo('it has failed', async () => (await queue.executions.get(id))?.execution.status === 'failed');

async function ends({ store }: AuditBundle): Promise<unknown[]> {
  return (await store.pool.query('SELECT * FROM execution_history ORDER BY attempt')).rows;
}

t.test('each end has its row, and the days begin with the last one', async (t) => {
  const bundle = await setUp(t);
  const { queue, redis, store, env } = bundle;
  await startSupervisor(t, env);
  const id = await submitThree(bundle);
  await untilFailed(bundle, id);
  await untilAudited(bundle);
  const first = {
    execution_id: id,
    attempt: 1,
    status: 'failed',
    kind: 'group',
    label: '三个任务',
    total: 3,
  };
  const counts = { completed: 1, failed: 2, cancelled: 0 };
  t.match(await ends(bundle), [{ ...first, ...counts, started_at: Date, completed_at: Date }]);
  t.ok((await redis.ttl(`{stock}:execution:${id}`)) > 0);
  const { rows } = await store.pool.query(
    'SELECT key, status, last_error_type FROM task_history WHERE execution_id = $1 ORDER BY key',
    [id],
  );
  t.strictSame(rows, [
    { key: 'first', status: 'failed', last_error_type: 'network' },
    { key: 'second', status: 'completed', last_error_type: null },
    { key: 'third', status: 'failed', last_error_type: 'dependency_failed' },
  ]);

  await queue.executions.retry(id);
  t.equal(await redis.ttl(`{stock}:execution:${id}`), -1, 'what goes on does not expire');
  await untilFailed(bundle, id);
  await untilAudited(bundle);
  t.match(await ends(bundle), [first, { ...first, attempt: 2, ...counts }]);
  t.ok((await redis.ttl(`{stock}:execution:${id}`)) > 0);
});

t.test('an end that is copied after the execution went on tells of the end', async (t) => {
  const bundle = await setUp(t);
  const { queue, redis, env } = bundle;
  const without = await startSupervisor(t, { ...env, DATABASE_URL: '' });
  const id = await submitThree(bundle);
  await untilFailed(bundle, id);
  const ended = (await queue.executions.get(id))?.execution.completed_at as number;
  await without.stop();
  await queue.executions.retry(id);
  t.match((await queue.executions.get(id))?.execution, { status: 'running', counts: { failed: 0 } });
  await startSupervisor(t, { ...env, SUPERVISOR_THREADS: '1' });
  await untilAudited(bundle);
  t.match((await ends(bundle))[0], {
    ...{ attempt: 1, status: 'failed', completed: 1, failed: 2, cancelled: 0 },
    completed_at: new Date(ended),
  });
  await untilFailed(bundle, id);
  await untilAudited(bundle);
  t.equal((await ends(bundle)).length, 2);
  t.ok((await redis.ttl(`{stock}:execution:${id}`)) > 0);
});

t.test(
  'an execution is told by Redis, then by the history: how it ended last, and all of its ends',
  async (t) => {
    const bundle = await setUp(t);
    const { queue, redis, store, env, server } = bundle;
    const api = await startApi(t, { REDIS_URL: server.url, DATABASE_URL: env.DATABASE_URL ?? '' });
    await startSupervisor(t, env);
    const id = await submitThree(bundle);
    await untilFailed(bundle, id);
    await queue.executions.retry(id);
    await untilFailed(bundle, id);
    await untilAudited(bundle);
    const path = `/api/v1/executions/${id}`;
    const live = (await api.get(path)).body.data;
    t.match(live, {
      attempt: 2,
      tasks: [{ key: 'first', retry_of: String }, { key: 'second' }, { key: 'third' }],
    });

    await redis.del(`{stock}:execution:${id}`);
    const past = await api.get(path);
    t.equal(past.status, 200);
    const withoutNeeds = live.tasks.map((task: object) => ({ ...task, depends_on: null }));
    const told = { updated_at: live.completed_at, tasks: withoutNeeds, left_queue: true };
    t.strictSame(past.body.data, { ...live, ...told });
    const page = (await api.get(`${path}?limit=1&offset=1`)).body.data;
    t.match(page, { limit: 1, offset: 1, tasks: [{ key: 'second' }] });
    t.equal(page.tasks.length, 1);
    t.match(await api.get('/api/v1/executions/nobody'), {
      status: 404,
      body: { code: 'EXECUTION_NOT_FOUND' },
    });

    const ends = (await api.get('/api/v1/history/executions?status=failed&kind=group')).body.data;
    t.match(ends, {
      executions: [
        { execution_id: id, attempt: 2 },
        { execution_id: id, attempt: 1 },
      ],
      next_cursor: null,
    });
    const newest = (await api.get('/api/v1/history/executions?limit=1')).body.data;
    const older = await api.get(`/api/v1/history/executions?limit=1&cursor=${newest.next_cursor}`);
    t.match(older.body.data, { executions: [{ attempt: 1 }], next_cursor: null });
    t.match((await api.get('/api/v1/history/executions?kind=backfill')).body.data, { executions: [] });
    for (const bad of ['status=running', 'kind=one', 'limit=201', 'cursor=e30', 'dataset=daily'])
      t.equal((await api.get(`/api/v1/history/executions?${bad}`)).status, 400, bad);
    for (const odd of [
      'tasks/%00',
      'executions/%00',
      'history/tasks?dataset=%00',
      'history/tasks?from=0000-01-01T00:00:00Z',
    ])
      t.match(await api.get(`/api/v1/${odd}`), { status: 400, body: { code: 'VALIDATION_FAILED' } }, odd);

    await store.pool.query('ALTER TABLE execution_history RENAME TO not_there');
    t.match(await api.get(path), { status: 503, body: { code: 'HISTORY_UNAVAILABLE' } });
  },
);
