/** What is stored and what is missing, over HTTP: plan, sync, coverage, gaps, rows. Real web, Postgres and Redis. */
import t, { type Test } from 'tap';
import { shanghaiClock } from '../../src/datasets/dates.ts';
import { type Api, snapshot, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';
import { type Bench, bar, bench, daily, smallMarket } from '../sync/support.ts';

const PASSED = { start_date: '20190107', end_date: '20190120' };
const PAST = '?from=20190107&to=20190120';

interface World {
  here: Bench;
  api: Api;
  redis: string;
  codes: string[];
  open: string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects
  get(path: string): Promise<any>;
}

/** A market of two weeks, with the calendar to the end of this year, and so many stocks. */
async function world(t: Test, stocks: number, settings: Record<string, string> = {}): Promise<World> {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, stocks);
  const redis = await freshRedis(t);
  const api = await startApi(t, {
    DATABASE_URL: here.config.DATABASE_URL,
    REDIS_URL: redis.url,
    ...settings,
  });
  here.answers = (request) => daily(codes, open, request);
  const get = async (path: string) => {
    const { status, body } = await api.get(`/api/v1${path}`);
    t.equal(status, 200, `${path}: ${body?.message}`);
    return body.data;
  };
  return { here, api, redis: redis.url, codes, open, get };
}

t.test('a plan says what a submission would cost, and changes nothing', async (t) => {
  const { api, here, redis, open } = await world(t, 1500);
  const before = await snapshot(redis);
  const ask = async (body: object) => (await api.post('/api/v1/datasets/daily/plan', body)).body.data;
  const plan = await ask({ mode: 'history', params: { end_date: '20190120' } });
  t.match(plan, {
    dataset: 'daily',
    job_type: 'daily.history',
    partitions: 10,
    first: open[0],
    last: open.at(-1),
    calls: 4,
    minutes: 0,
    rows: 15_000,
    complete: 0,
    skipped: 0,
    timeout_seconds: Number,
    budget: { limit: 195, window_seconds: 60, free: 195, calls_per_minute: 500, calls_left_today: null },
    warnings: [],
  });
  t.ok(plan.bytes > 15_000 * 100 && plan.bytes < 15_000 * 400, `${plan.bytes} bytes`);
  t.same(await snapshot(redis), before, 'Redis is as it was');
  t.equal(here.requests.length, 0);

  await here.run({ mode: 'history', params: { end_date: '20190115' } });
  t.match(await ask({ mode: 'backfill', params: PASSED }), { partitions: 10, complete: 7, skipped: 0 });
  t.match(await ask({ mode: 'backfill', params: { ...PASSED, missing: true } }), {
    partitions: 3,
    first: '20190116',
    complete: 0,
    skipped: 7,
  });
});

t.test('minutes and warnings tell of the limits', async (t) => {
  const { api } = await world(t, 10, {
    TUSHARE_RATE_LIMIT_MAX_CALLS: '2',
    TUSHARE_DAILY_QUOTA: 'daily_basic=4',
  });
  const ask = async (name: string, body: object) =>
    (await api.post(`/api/v1/datasets/${name}/plan`, body)).body.data;
  const plan = await ask('adj_factor', {
    mode: 'backfill',
    params: { dates: ['20190107', '20190109', '20190111', '20190115', '20190117'] },
  });
  t.match(plan, { calls: 5, minutes: 1.5 }, 'two at once, then two a minute');
  const late = await ask('daily_basic', { mode: 'backfill', params: PASSED, timeout_seconds: 60 });
  t.equal(late.calls, 10, 'no ranges: a call a day');
  t.ok(late.minutes > 1440, 'four calls today, four tomorrow, two the day after');
  t.match(late.warnings, [/deadline is 1 minutes, its calls alone take \d+/]);
  t.equal(late.budget.calls_left_today, 4);
});

t.test(
  'what makes a plan impossible is said with what to submit, and nothing else can be meant',
  async (t) => {
    const { api, here } = await world(t, 10);
    const ask = (name: string, body?: object) => api.post(`/api/v1/datasets/${name}/plan`, body);
    await here.db.query('TRUNCATE stock_basic');
    const history = { mode: 'history', params: { end_date: '20190120' } };
    t.match(await ask('daily', history), {
      status: 422,
      body: { code: 'PREREQUISITE_MISSING', message: /stock list, which is empty: submit stock_basic full/ },
    });
    t.match(await ask('suspend_d', { ...history, params: { end_date: '20190301' } }), {
      status: 422,
      body: { code: 'PREREQUISITE_MISSING', message: /submit trade_cal full/ },
    });
    t.match(await ask('nothing'), { status: 404, body: { code: 'UNKNOWN_DATASET' } });
    t.match(await ask('concept'), {
      status: 422,
      body: { code: 'DATASET_UNAVAILABLE', message: /use ths_index/ },
    });
    t.match(await ask('finance', {}), {
      status: 422,
      body: { code: 'DATASET_UNAVAILABLE', message: /a job/ },
    });
    t.match(await ask('daily', { mode: 'backfill', params: { dates: ['20190230'] } }), {
      status: 400,
      body: { code: 'INVALID_PARAMS' },
    });
    t.match(await ask('daily', { modes: 'x' }), { status: 400, body: { code: 'VALIDATION_FAILED' } });
    t.equal((await ask('trade_cal')).status, 200, 'no body: the first mode');
  },
);

t.test('sync submits one task for the dataset', async (t) => {
  const { api } = await world(t, 10);
  const answer = await api.post('/api/v1/datasets/daily/sync', { mode: 'backfill', params: PASSED });
  t.match(answer, { status: 202, body: { data: { job_type: 'daily.backfill', task_id: String } } });
  const { data } = (await api.get(`/api/v1/tasks/${answer.body.data.task_id}`)).body;
  t.match(data, { dataset: 'daily', params: PASSED, status: 'pending' });
  t.match(await api.post('/api/v1/datasets/nothing/sync'), { status: 404 });
});

t.test('coverage and gaps: what was never asked for is absent, what came short is told', async (t) => {
  const { here, get, codes, open } = await world(t, 20);
  here.answers = (request) =>
    daily(codes, open, request).filter(
      ({ trade_date, ts_code }) =>
        trade_date !== '20190108' && (trade_date !== '20190109' || ts_code === codes[0]),
    );
  await here.run({ mode: 'backfill', params: { start_date: '20190107', end_date: '20190111' } });
  await here.run({ mode: 'backfill', task_id: 'b', fence: 2, params: { dates: ['20190116'] } });
  const coverage = await get(`/datasets/daily/coverage${PAST}`);
  const counts = { complete: 4, partial: 1, missing: 1, empty_confirmed: 0, failed: 0, absent: 4 };
  t.match(coverage, {
    expected: { known: true, reason: /calendar ends at 20190120/ },
    states: counts,
    total: 10,
  });
  t.same(
    (coverage.partitions as { partition: string }[]).map(({ partition }) => partition),
    open,
  );
  t.match(coverage.years, [
    { year: 2019, months: [{ month: 1, partitions: 10, rows: 20 * 4 + 1, ...counts }] },
  ]);
  t.match(coverage.partitions[2], {
    partition: '20190109',
    state: 'partial',
    expected_rows: 20,
    fetched_rows: 1,
    asked_again: true,
  });
  const page = await get(`/datasets/daily/coverage${PAST}&state=absent&limit=2&offset=1`);
  t.match(page, {
    total: 4,
    states: { complete: 4 },
    partitions: [{ partition: '20190115' }, { partition: '20190117' }],
  });

  const gaps = await get(`/datasets/daily/gaps?to=20190120`);
  t.match(gaps, { from: '20190107', partitions: 6, states: { ...counts, complete: 0 }, total: 4 });
  t.match(gaps.gaps, [
    { state: 'missing', first: '20190108', last: '20190108' },
    { state: 'partial', first: '20190109', expected_rows: 20, fetched_rows: 1 },
    { state: 'absent', first: '20190114', last: '20190115', partitions: 2, expected_rows: 40 },
    { state: 'absent', first: '20190117', last: '20190118', partitions: 2 },
  ]);
  const { datasets } = await get('/datasets?group=daily_close');
  const names = (list: { name: string }[]) => list.map(({ name }) => name);
  const walked: string[] = [];
  let cursor: string | null = '';
  for (let answers = 0; cursor !== null && answers < 20; answers += 1) {
    const page = await get(`/datasets?group=daily_close&limit=3${cursor && `&cursor=${cursor}`}`);
    t.equal(page.total, datasets.length);
    walked.push(...names(page.datasets));
    cursor = page.next_cursor;
  }
  t.same(walked, names(datasets), 'three at a time they are the same');
  t.same(names((await get(`/datasets?q=${encodeURIComponent('A股日线 DAILY bars')}`)).datasets), ['daily']);
  const stored = (name: string) => datasets.find((one: { name: string }) => one.name === name).stored;
  t.match(stored('daily'), { partitions: 6, latest: '20190116' });
  t.equal(stored('weekly'), null);
});

t.test('without a calendar the ledger is told as it is, and why the rest is not known', async (t) => {
  const { here, get } = await world(t, 5);
  await here.run({ mode: 'backfill', params: PASSED });
  await here.db.query('TRUNCATE trade_cal');
  const coverage = await get('/datasets/daily/coverage');
  t.match(coverage, { expected: { known: false, reason: /submit trade_cal full/ }, total: 10 });
  t.match(await get('/datasets/shibor/coverage?state=absent'), { expected: { known: true } });
});

t.test('partitions that are no days: by code, each for itself; by year', async (t) => {
  const { get, here } = await world(t, 3);
  const gaps = await get('/datasets/dividend/gaps');
  t.match(gaps, { partitions: 3, total: 3 });
  here.answers = () => [];
  await here.run({ dataset: 'dividend', mode: 'full' });
  t.match(await get('/datasets/dividend/gaps'), { partitions: 0 });
  const years = await get('/datasets/trade_cal/coverage');
  const last = Number(shanghaiClock(new Date()).date.slice(0, 4)) + 1;
  t.match(years.years[0], { year: 1990, months: [{ month: null, absent: 1 }] });
  t.match(years.years.at(-1), { year: last });
});

t.test('rows: the newest day first, by pages, by stock and day', async (t) => {
  const { here, api, get, codes, open } = await world(t, 3);
  await here.put(
    'daily',
    open.flatMap((day) => codes.map((code) => bar(code, day))),
  );
  const first = await get('/datasets/daily/rows?limit=12');
  t.match(first, { has_more: true, limit: 12, offset: 0 });
  const names = (first.columns as { name: string }[]).map(({ name }) => name);
  const column = (rows: unknown[][], name: string) => rows.map((row) => row[names.indexOf(name)]);
  const newest = [...open].reverse();
  t.same(column(first.rows, 'ts_code').slice(0, 4), [...codes, codes[0]]);
  t.same(column(first.rows, 'trade_date').slice(0, 4), [...new Array(3).fill(newest[0]), newest[1]]);
  const ofOne = await get(`/datasets/daily/rows?ts_code=${codes[1]}`);
  t.same(column(ofOne.rows, 'trade_date'), newest);
  t.equal(column(first.rows, 'pct_chg')[0], 1e-7, 'numbers keep their last digit');
  t.same((await get('/datasets/daily/rows?limit=12&offset=24')).rows.length, 6);
  const some = await get(`/datasets/daily/rows?ts_code=${codes[2]}&from=2019-01-08&to=20190109`);
  t.same(column(some.rows, 'trade_date'), ['20190109', '20190108']);
  t.equal(some.has_more, false);
  const refused = async (query: string, text: RegExp) =>
    t.match(await api.get(`/api/v1/datasets/${query}`), {
      status: 400,
      body: { code: 'VALIDATION_FAILED', message: text },
    });
  await refused('daily/rows?from=20190230', /from must be a date/);
  await refused('daily/rows?order=close', /order/);
  await refused('shibor/rows?ts_code=x', /ts_code names a column/);
  await refused('stock_basic/rows?from=20190101', /needs a day/);
  await refused('daily/rows?limit=501', /limit/);
  await refused("daily/rows?from=2019'--", /from must be/);
  await refused('daily/rows?ts_code=%00', /can't hold/);
  await refused('daily/gaps?to=never', /to must be a date/);
});

t.test(
  'without Postgres or Redis the answer says so, and the catalogue is listed all the same',
  async (t) => {
    const { here, api } = await world(t, 1);
    const url = new URL(here.config.DATABASE_URL);
    url.pathname = '/not_there';
    const away = await startApi(t, { DATABASE_URL: url.href, REDIS_ENABLED: 'false' });
    for (const path of ['coverage', 'gaps', 'rows'])
      t.match(await away.get(`/api/v1/datasets/daily/${path}`), {
        status: 503,
        body: { code: 'DATABASE_UNAVAILABLE' },
      });
    t.match(await away.post('/api/v1/datasets/daily/plan', { mode: 'incremental' }), {
      status: 503,
      body: { code: 'QUEUE_UNAVAILABLE' },
    });
    t.match(await away.get('/api/v1/datasets/daily'), { status: 200, body: { data: { stored: null } } });
    const openapi = (await api.get('/docs/json')).body;
    for (const path of ['plan', 'sync', 'coverage', 'gaps', 'rows'])
      t.ok(openapi.paths[`/api/v1/datasets/{name}/${path}`], `${path} is documented`);
  },
);

t.test('a plan of a history as long as the market is made in bounded time', async (t) => {
  const { api, here } = await world(t, 1);
  await here.db.query(
    `TRUNCATE trade_cal; INSERT INTO trade_cal (exchange, cal_date, is_open)
     SELECT 'SSE', day::date, (extract(isodow FROM day) < 6)::int FROM generate_series('1990-12-19'::date, '2026-12-31', '1 day') day`,
  );
  await here.db.query(
    `INSERT INTO stock_basic (ts_code, name, list_status, list_date)
     SELECT (100000 + n) || '.SZ', 'x', 'L', '1990-12-19'::date + n * 2 FROM generate_series(1, 5400) n`,
  );
  const answer = await api.post('/api/v1/datasets/daily/plan', {
    mode: 'history',
    params: { end_date: '20261120' },
  });
  t.match(answer, { status: 200, body: { data: { first: '19901219', last: '20261120' } } });
  const { calls, rows } = answer.body.data;
  t.ok(calls > rows / 6000 && calls < 7_000, `${calls} calls for ${rows} rows of 9,000 days`);
  t.ok(answer.ms < 10_000, `${answer.ms} ms`);
});
