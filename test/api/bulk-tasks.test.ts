/** All tasks that match: counted, cancelled, run again; and the runs of one task. Real Redis, queue and web. */
import t from 'tap';
import { runsOf } from '../../src/api/task-runs.ts';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { FIXTURE_DATASETS } from '../support/supervisor.ts';

const LEASE_MS = 60_000;

t.test('bulk: counts first, does 500 at a time, says what remains and what was refused', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS });
  const queue = await openTestQueue(t, redis.url);
  const task = { dataset: 'noop', mode: 'full', job_type: 'noop.full', params: {}, priority: 1 } as const;
  const limits = { max_attempts: 1, timeout_seconds: 60 };
  await queue.submit(Array.from({ length: 620 }, () => ({ ...task, ...limits })));
  const other = await submit(queue, 'steady');
  const bulk = async (body: object) => (await api.post('/api/v1/tasks/bulk', body)).body.data;
  const count = async (query: string) => (await api.get(`/api/v1/tasks/bulk?${query}`)).body.data;
  const noop = { job_type: 'noop.full' };
  const list = async (query: string) => (await api.get(`/api/v1/tasks?${query}`)).body.data;
  const found = await list('job_type=noop.full&limit=200');
  t.match(
    found,
    { total: null, looked_at: 201, offset: 0, next_cursor: String },
    'steady stands before them',
  );
  t.equal(found.tasks.length, 200);
  const next = await list(`job_type=noop.full&limit=200&cursor=${found.next_cursor}`);
  t.match(next, { looked_at: 200 });
  t.equal(next.tasks[0].sequence, found.tasks[199].sequence - 1, 'it goes on where the page ended');
  t.match(await list('job_type=steady.full&cursor=WzFd'), { tasks: [], looked_at: 0, next_cursor: null });
  t.match(await list('limit=1'), { total: 621, next_cursor: String });
  const { created_at } = (await list('limit=1')).tasks[0];
  const before = (moment: string) => new Date(Date.parse(moment) - 1).toISOString();
  const one = { tasks: [{ task_id: other }], total: null, next_cursor: null };
  t.match(await list('dataset=steady'), { ...one, looked_at: 621 });
  t.match(await list(`id=${other.slice(0, 8)}`), one);
  t.match(await list(`from=${created_at}&dataset=steady`), one);
  t.match(await list(`from=${created_at}&to=${before(created_at)}`), { tasks: [], looked_at: Number });
  t.match(await list('execution_id=nobody'), { tasks: [], total: null });
  t.same(await count('action=cancel&dataset=steady'), { matched: 1 });
  t.same(await count(`action=cancel&to=${before('2020-01-01T00:00:00Z')}`), { matched: 0 });
  for (const bad of ['from=yesterday', 'to=2020-12-31T23:59:60Z', 'offset=1&dataset=noop', 'mode=full'])
    t.match(await api.get(`/api/v1/tasks?${bad}`), { status: 400, body: { code: 'VALIDATION_FAILED' } }, bad);

  t.same(await count('action=cancel&job_type=noop.full'), { matched: 620 });
  t.equal((await queue.list({ status: 'pending', limit: 1 })).total, 621, 'counting changes nothing');
  t.match(await bulk({ action: 'cancel', ...noop }), {
    matched: 620,
    done: 500,
    refused: [],
    remaining: 120,
  });
  t.match(await bulk({ action: 'cancel', ...noop }), { matched: 120, done: 120, remaining: 0 });
  t.equal((await queue.get(other))?.status, 'pending', 'another type is left alone');

  t.match(await bulk({ action: 'retry', status: 'failed' }), { matched: 0, done: 0 });
  t.match(await bulk({ action: 'retry', status: 'cancelled' }), { matched: 620, done: 500, remaining: 120 });
  t.match(await bulk({ action: 'retry' }), { matched: 120, done: 120, remaining: 0 });
  t.same(await count('action=retry'), { matched: 0 }, 'none is retried twice');
  t.equal((await queue.list({ status: 'pending', limit: 1 })).total, 621);

  const [claimed] = await queue.claim({ supervisor_id: 's', free: 1, lease_ms: LEASE_MS });
  t.match(await bulk({ action: 'stop' }), { matched: 1, done: 1 });
  t.type((await queue.get(claimed?.task_id ?? ''))?.stop_requested_at, 'number');
  t.match(await bulk({ action: 'stop' }), { matched: 0 });
  for (const body of [{ action: 'delete' }, {}, { action: 'cancel', status: 'completed' }])
    t.match(await api.post('/api/v1/tasks/bulk', body), { status: 400, body: { code: 'VALIDATION_FAILED' } });
});

t.test('the runs of a task: each claim, and how it ended', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS });
  const queue = await openTestQueue(t, redis.url);
  const id = await submit(queue, 'noop', { max_attempts: 2 });
  const runs = async () => (await api.get(`/api/v1/tasks/${id}/runs`)).body.data;
  t.same(await runs(), { runs: [], complete: true });
  const claim = async () => {
    const [claimed] = await queue.claim({ supervisor_id: 'sup-1', free: 1, lease_ms: LEASE_MS });
    return { task_id: id, supervisor_id: 'sup-1', fence: claimed?.fence ?? 0 };
  };
  const failed = { kind: 'retry', delay_ms: 0, error_type: 'network', error_message: 'refused' } as const;
  await queue.finish([
    { ...(await claim()), outcome: { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' } },
  ]);
  await queue.finish([{ ...(await claim()), outcome: failed }]);
  await submit(queue, 'steady'); // events of others are not its own
  t.match(await runs(), {
    complete: true,
    runs: [
      { attempt: 1, ended_as: 'handed_back', supervisor_id: 'sup-1', fence: 1 },
      { attempt: 1, ended_as: 'retry', fence: 2 },
    ],
  });
  await queue.finish([{ ...(await claim()), outcome: failed }]);
  const last = (await runs()).runs.at(-1);
  t.match(last, {
    attempt: 2,
    ended_as: 'failed',
    error_type: 'network',
    began_at: String,
    ended_at: String,
  });
  t.equal((await api.get('/api/v1/tasks/nothing/runs')).status, 404);
  t.match(runsOf([{ at: 1, event: 'retry' }], 1), [], 'a feed that begins in the middle of a run');
  const forgotten = ['lost', 'claimed', 'handed_back', 'claimed', 'retry', 'claimed', 'failed'];
  t.same(
    runsOf(
      forgotten.map((event, at) => ({ at, event })),
      4,
    ).map(({ attempt, ended_as }) => [attempt, ended_as]),
    [
      [3, 'handed_back'],
      [3, 'retry'],
      [4, 'failed'],
    ],
    'of four attempts the feed knows the last two',
  );
  const waits = ['retry', 'claimed', 'retry', 'cancelled'].map((event, at) => ({ at, event }));
  t.match(runsOf(waits, 3), [{ attempt: 3, ended_as: 'retry' }], 'cancelled while it waited');
});
