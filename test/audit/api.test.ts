/** The API tells what a task ended with also when Redis has forgotten it; while Redis has it, Redis is the truth. */
import t from 'tap';
import { startApi } from '../support/api.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { submit } from '../support/queue.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { endMany, setUp, untilAudited } from './support.ts';

t.test('a task is told by Redis, then by the history, and not at all without Redis', async (t) => {
  const postgres = await ownPostgres(t);
  const bundle = await setUp(t, postgres.url);
  const { queue, redis, env, store } = bundle;
  const api = await startApi(t, { REDIS_URL: bundle.server.url, DATABASE_URL: postgres.url });
  const [id = ''] = await endMany(bundle, 1);
  const supervisor = await startSupervisor(t, env);
  await untilAudited(bundle);
  await supervisor.stop();
  await store.pool.query(`UPDATE task_history SET error_message = 'told by the history'`);

  const path = `/api/v1/tasks/${id}`;
  const live = await api.get(path);
  t.match(live, { status: 200, body: { data: { status: 'completed', error_message: null } } });
  await redis.del(queue.keys.task(id));
  const past = await api.get(path);
  t.strictSame(past.body.data, {
    ...live.body.data,
    error_message: 'told by the history',
    left_queue: true,
  });
  const search = async (text: string) => (await api.get(`/api/v1/search?id=${text}`)).body.data;
  const { job_type, created_at } = live.body.data;
  const found = [{ kind: 'task', id, label: job_type, status: 'completed', created_at }];
  t.strictSame(await search(id.slice(0, 6)), { found, history: true }, 'Redis has forgotten it');
  t.strictSame(await search('nobody'), { found: [], history: true });
  t.match(await api.get('/api/v1/tasks/nobody'), { status: 404, body: { code: 'TASK_NOT_FOUND' } });

  await store.close();
  await postgres.stop();
  for (const gone of [path, '/api/v1/tasks/nobody', '/api/v1/history/tasks']) {
    t.match(await api.get(gone), { status: 503, body: { code: 'HISTORY_UNAVAILABLE' } }, gone);
  }
  const waiting = await submit(queue, 'noop');
  t.match(await api.get(`/api/v1/tasks/${waiting}`), { status: 200 }, 'what Redis has needs no Postgres');
  t.match(await search(waiting.slice(0, 6)), { found: [{ id: waiting, status: 'pending' }], history: false });
  await postgres.start();
  t.match(await api.get(path), { status: 200 });
  await bundle.server.stop();
  t.match(await api.get(path), { status: 503, body: { code: 'QUEUE_UNAVAILABLE' } });
  t.match(await api.get('/api/v1/history/tasks'), {
    status: 200,
    body: { data: { tasks: [{ task_id: id }] } },
  });
});

t.test('the history is paged and filtered, and refuses what makes no sense', async (t) => {
  const bundle = await setUp(t);
  const { queue, env } = bundle;
  const ids = await endMany(bundle, 12);
  const cancelled = await submit(queue, 'noop');
  await queue.cancel(cancelled);
  const api = await startApi(t, { REDIS_URL: bundle.server.url, DATABASE_URL: env.DATABASE_URL ?? '' });
  const behind = (await api.get('/health')).body.audit;
  t.equal(behind.waiting, 13);
  t.ok(behind.oldest_waiting_seconds >= 0 && behind.oldest_waiting_seconds < 60);
  await startSupervisor(t, env);
  await untilAudited(bundle);
  t.strictSame((await api.get('/health')).body.audit, { waiting: 0, oldest_waiting_seconds: null });
  const list = async (query: string) => (await api.get(`/api/v1/history/tasks?${query}`)).body.data;
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await list(`limit=5${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.tasks.map((task: { task_id: string }) => task.task_id));
    cursor = page.next_cursor;
  } while (cursor);
  t.strictSame(seen.toSorted(), [...ids, cancelled].toSorted());
  t.equal(seen[0], cancelled, 'the last to end first');
  t.match(await list('status=cancelled'), { tasks: [{ task_id: cancelled }], next_cursor: null });
  t.equal((await list('status=completed&limit=12')).next_cursor, null);
  t.match(await list('dataset=nothing3'), { tasks: [{ job_type: 'nothing3.full', params: { number: 3 } }] });
  t.equal((await list('job_type=nothing3.full')).tasks.length, 1);
  t.match(await list(`id=${cancelled.slice(0, 8)}`), { tasks: [{ task_id: cancelled }], next_cursor: null });
  t.equal((await list('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00%2B08:00')).tasks.length, 0);
  t.equal((await list('from=2020-01-01T00:00:00Z')).tasks.length, 13);
  for (const bad of ['status=pending', 'limit=0', 'from=yesterday', 'cursor=e30', 'cursor=%00', 'what=1']) {
    const answer = await api.get(`/api/v1/history/tasks?${bad}`);
    t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } }, bad);
  }
});
