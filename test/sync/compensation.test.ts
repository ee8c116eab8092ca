/** The daily job fetches what the days before it left out (R105, R114, D23). */
import t from 'tap';
import { bench, daily, type Request, type Row, smallMarket } from './support.ts';

let number = 0;
/** One run of the job, as the schedule submits it. */
const dailyJob = (target_date: string, datasets = ['daily']) =>
  here.run({
    dataset: datasets[0] as string,
    mode: 'incremental',
    job_type: 'daily.incremental',
    task_id: `daily ${++number}`,
    fence: number,
    params: { target_date, ...(datasets.length > 1 && { also: datasets.slice(1) }) },
  });

const backfill = (dates: string[]) =>
  here.run({ mode: 'backfill', task_id: `backfill ${++number}`, fence: number, params: { dates } });

const here = await bench(t);

async function market() {
  await here.clear();
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => daily(codes, open, request);
  return { codes, open };
}

/** The days that were asked for since the last look, in order. */
function askedDays(open: string[]): string[] {
  const days = here.requests.flatMap(
    ({ params: { trade_date, start_date = trade_date, end_date = trade_date } }) =>
      open.filter((day) => day >= String(start_date) && day <= String(end_date)),
  );
  here.requests.length = 0;
  return days.sort();
}

const states = (dataset = 'daily') =>
  here.rows(
    `SELECT partition, state FROM coverage WHERE dataset = '${dataset}' AND state <> 'complete' ORDER BY 1`,
  );
const message = async () =>
  (await here.rows(`SELECT config->>'reason' AS words FROM sync_tasks ORDER BY updated_at DESC LIMIT 1`))[0]
    ?.words;

t.test('no day is missing: only today is asked for', async (t) => {
  const { open } = await market();
  await backfill(open.filter((day) => day <= '20190117'));
  askedDays(open);
  await dailyJob('20190118');
  t.same(askedDays(open), ['20190118']);
  t.notMatch(await message(), /partitions|Nothing/);
});

t.test('days are missing, in the middle too: each of them and today, and none that is there', async (t) => {
  const { open } = await market();
  await backfill(['20190107', '20190109', '20190110', '20190116']);
  askedDays(open);
  await dailyJob('20190118');
  t.same(askedDays(open), ['20190108', '20190111', '20190114', '20190115', '20190117', '20190118']);
  t.same(await states(), []);
  t.same(await here.rows('SELECT count(DISTINCT trade_date) AS days, count(*) AS rows FROM daily'), [
    { days: 10, rows: 50 },
  ]);
  t.match(await here.rows(`SELECT job_type, status FROM sync_tasks ORDER BY updated_at DESC LIMIT 1`), [
    { job_type: 'DAILY_INCREMENTAL', status: 'COMPLETED' },
  ]);
});

t.test('nothing is stored: a warning, and today only', async (t) => {
  const { open } = await market();
  const told: (string | null)[] = [];
  await here.run(
    { mode: 'incremental', params: { target_date: '20190118' } },
    { progress: (_share, _rows, words) => told.push(words) },
  );
  t.same(askedDays(open), ['20190118']);
  t.match(told.at(-1), /Nothing of daily is known to be stored.*submit daily history/);
  t.match(await message(), /Nothing of daily/);
});

t.test('a day that came cut short is partial, and asked for again', async (t) => {
  const { codes, open } = await market();
  here.answers = (request) =>
    daily(codes, open, request).filter((row) => row.trade_date !== '20190109' || row.ts_code === codes[0]);
  await backfill(open.filter((day) => day <= '20190117'));
  t.same(await states(), [{ partition: '20190109', state: 'partial' }]);
  askedDays(open);
  here.answers = (request) => daily(codes, open, request);
  await dailyJob('20190118');
  t.same(askedDays(open), ['20190118'], 'not within the hour');
  await here.db.query(`UPDATE coverage SET fetched_at = now() - interval '61 minutes'`);
  await dailyJob('20190118');
  t.same(askedDays(open), ['20190109', '20190118']);
  t.same(await states(), []);
});

t.test('without a calendar Monday to Friday count, with a warning', async (t) => {
  const { codes } = await market();
  await backfill(['20190107', '20190108']);
  here.requests.length = 0;
  await here.db.query('TRUNCATE trade_cal');
  const weekdays = ['20190109', '20190110', '20190111', '20190114'];
  here.answers = (request) => daily(codes, weekdays, request);
  await dailyJob('20190114');
  t.same(askedDays(weekdays), weekdays);
  t.match(await message(), /calendar is empty.*Monday to Friday.*submit trade_cal full/);
});

t.test('without a stock list an empty day is not called complete', async (t) => {
  await market();
  await here.db.query('TRUNCATE stock_basic');
  here.answers = () => [];
  await t.rejects(dailyJob('20190118'), { type: 'not_published', message: /daily/ });
  t.same(await states(), [{ partition: '20190118', state: 'missing' }]);
});

t.test(
  'today is not published yet: what is older is stored, and the task asks again in half an hour',
  async (t) => {
    const { codes, open } = await market();
    await backfill(open.filter((day) => day <= '20190116'));
    askedDays(open);
    here.answers = (request) =>
      daily(
        codes,
        open.filter((day) => day <= '20190117'),
        request,
      );
    const task = { mode: 'incremental', params: { target_date: '20190118' } } as const;
    await t.rejects(here.run(task), {
      type: 'not_published',
      retryAfterMs: 30 * 60_000,
      message: /without a row for daily of 20190118; most likely not published yet/,
    });
    t.same(await states(), [{ partition: '20190118', state: 'missing' }]);
    askedDays(open);
    here.answers = (request) => daily(codes, open, request);
    t.match(await here.run({ ...task, fence: 1000 }), { kind: 'completed' });
    t.equal(here.requests.length, 1, 'the later attempt asks for nothing else');
    t.same(await states(), []);
  },
);

t.test('one of three datasets is late: the others are stored, and the job is not done', async (t) => {
  const { codes, open } = await market();
  const whole =
    (late: boolean) =>
    (request: Request): Row[] => {
      if (request.api_name === 'daily_basic')
        return late ? [] : daily(codes, open, request).map((row) => ({ ...row, total_mv: 1 }));
      return daily(codes, open, request).map((row) => ({ ...row, adj_factor: 1.5 }));
    };
  here.answers = whole(true);
  await t.rejects(dailyJob('20190118', ['daily', 'adj_factor', 'daily_basic']), {
    type: 'not_published',
    message: /all 1 partitions of daily_basic/,
  });
  t.same(
    await here.rows(
      'SELECT (SELECT count(*) FROM daily) AS daily, (SELECT count(*) FROM adj_factor) AS factors',
    ),
    [{ daily: 5, factors: 5 }],
  );
  here.answers = whole(false);
  await dailyJob('20190118', ['daily', 'adj_factor', 'daily_basic']);
  t.same(await here.rows('SELECT count(*) AS n FROM daily_basic'), [{ n: 5 }]);
});

t.test('a day that stays empty is asked for on three evenings, then left and reported', async (t) => {
  const { codes, open } = await market();
  await backfill(open.filter((day) => day <= '20190117' && day !== '20190115'));
  here.answers = (request) =>
    daily(
      codes,
      open.filter((day) => day !== '20190115'),
      request,
    );
  const later = (hours: number) =>
    here.db.query(`UPDATE coverage SET fetched_at = fetched_at - make_interval(hours => ${hours})`);
  await dailyJob('20190118');
  await later(2);
  await dailyJob('20190118');
  t.match(
    await here.rows(`SELECT state, short_answers FROM coverage WHERE partition = '20190115'`),
    [{ state: 'missing', short_answers: 1 }],
    'answers of one evening count once',
  );
  await later(24);
  await dailyJob('20190118');
  await later(24);
  askedDays(open);
  await dailyJob('20190118');
  t.ok(askedDays(open).includes('20190115'));
  t.same(await states(), [{ partition: '20190115', state: 'empty_confirmed' }]);
  t.match(await message(), /1 stay empty after several answers/);
  await later(24 * 30);
  await dailyJob('20190118');
  t.same(askedDays(open), ['20190118']);
  here.answers = (request) => daily(codes, open, request);
  await here.run({
    mode: 'backfill',
    task_id: 'by hand',
    fence: 1000,
    params: { missing: true, start_date: '20190107', end_date: '20190118' },
  });
  t.same(askedDays(open), ['20190115'], 'a person can still ask for what is missing');
  t.same(await states(), []);
});
