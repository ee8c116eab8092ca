/** GET /scheduler/firings: what became of each due moment; what was missed can be seen (R72). */
import t from 'tap';
import { startApi } from '../support/api.ts';
import { freshSchedules } from './support/schedules.ts';

const DAY_MS = 86_400_000;
const SINCE = Date.parse('2026-03-02T10:00:00Z');

t.test('the last to be due first, by job, state and time, page by page', async (t) => {
  const { config, firings, configs } = await freshSchedules(t);
  const api = await startApi(t, { DATABASE_URL: config.DATABASE_URL });
  const ask = async (query: string) => (await api.get(`/api/v1/scheduler/firings${query}`)).body;
  t.match(await ask(''), {
    success: true,
    code: 'FIRINGS_RETRIEVED',
    data: { firings: [], next_cursor: null },
  });

  for (const { job_id, version } of await configs.getAll()) {
    const days = [0, 1, 2, 3].map((day) => SINCE + day * DAY_MS);
    await firings.decide({
      job_id,
      version,
      fire: days.slice(3),
      missed: days.slice(0, 3),
      reason: 'nobody was there',
    });
  }
  await firings.note('sync_stock_basic', 'by-hand', 'person');

  const pages: { job_id: string; due_at: string }[][] = [];
  for (let cursor = '', more = true; more; ) {
    const { data } = await ask(`?limit=5${cursor}`);
    pages.push(data.firings);
    cursor = `&cursor=${data.next_cursor}`;
    more = data.next_cursor !== null;
  }
  t.same(
    pages.map(({ length }) => length),
    [5, 5, 5, 2],
    'four jobs, four moments each, and one by hand',
  );
  const all = pages.flat();
  t.equal(
    new Set(all.map(({ job_id, due_at }) => `${job_id} ${due_at}`)).size,
    17,
    'none twice, none left out',
  );
  t.same(
    all
      .map(({ due_at }) => due_at)
      .toSorted()
      .toReversed(),
    all.map(({ due_at }) => due_at),
  );
  t.match(all[0], {
    job_id: 'sync_stock_basic',
    state: 'enqueued',
    source: 'person',
    task_id: 'by-hand',
    ended_at: null,
  });

  const missed = await ask('?job_id=sync_concept_data&state=missed');
  t.equal(missed.data.firings.length, 3);
  t.match(missed.data.firings[0], {
    job_id: 'sync_concept_data',
    due_at: '2026-03-04T18:00:00.000+08:00',
    state: 'missed',
    source: 'schedule',
    reason: 'nobody was there',
    ended_at: /\+08:00$/,
  });
  const between = await ask('?state=missed&from=2026-03-03T00:00:00Z&to=2026-03-04T00:00:00Z');
  t.equal(between.data.firings.length, 4, 'one of each job');
});

t.test('what can not be asked for', async (t) => {
  const { config } = await freshSchedules(t);
  const api = await startApi(t, { DATABASE_URL: config.DATABASE_URL });
  const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');
  const cursors = [
    'x',
    cursor(7),
    cursor([1, 'a']),
    cursor(['yesterday', 'a']),
    cursor(['2026-03-02T10:00:00.000000Z']),
  ];
  const queries = [
    'state=lost',
    'limit=0',
    'limit=201',
    'from=yesterday',
    'job=x',
    ...cursors.map((one) => `cursor=${one}`),
  ];
  for (const query of queries)
    t.match(
      await api.get(`/api/v1/scheduler/firings?${query}`),
      { status: 400, body: { success: false, code: 'VALIDATION_FAILED' } },
      query,
    );
  const away = await startApi(t, { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  t.match(await away.get('/api/v1/scheduler/firings'), {
    status: 503,
    body: { code: 'SCHEDULES_UNAVAILABLE' },
  });
});
