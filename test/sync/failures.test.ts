import t from 'tap';
import { type Bench, bench, dailyBasic, type Row, smallMarket } from './support.ts';

const PARAMS = { start_date: '20190107', end_date: '20190118' };
const HISTORY = { dataset: 'daily_basic', params: PARAMS };

/** 10 open days, one unit a day; the days that are named are answered with a column missing. */
const here = await bench(t, { SYNC_FAILURE_MAX_RETRIES: '2' });

async function brokenDays(broken: Set<string>) {
  await here.clear();
  const { codes, open } = await smallMarket(here, 5);
  const whole = (days: Set<string>) => (request: Parameters<Bench['answers']>[0]) =>
    dailyBasic(codes, open, request).map((row): Row => {
      if (!days.has(String(row.trade_date))) return row;
      return { ...row, close: 'not a number' };
    });
  here.answers = whole(broken);
  return { open, rows: codes.length * open.length, whole };
}

const records = () =>
  here.rows(
    'SELECT job_type, third_code, error_type, retry_count, max_retries, units, resolved_at IS NOT NULL AS resolved FROM sync_failure_records ORDER BY third_code',
  );

t.test('a unit that fails for good is recorded, and the run goes on with the others', async (t) => {
  const { open, rows } = await brokenDays(new Set(['20190109', '20190116']));
  const told: (string | null)[] = [];
  const outcome = await here.run(HISTORY, { progress: (_share, _rows, words) => told.push(words) });
  t.same(outcome, { kind: 'completed', records_processed: rows - 10 });
  t.match(told.at(-1), /2 failed/, 'the end says so');
  const asked = here.requests.filter(({ params }) => params.trade_date === '20190109');
  t.equal(asked.length, 3, 'asked again after the others, twice');
  t.match(await records(), [
    {
      job_type: 'daily_basic.history',
      third_code: '20190109',
      error_type: 'tushare_bad_answer',
      retry_count: 0,
      max_retries: 2,
      units: [{ dataset: 'daily_basic', partition: '20190109' }],
      resolved: false,
    },
    { third_code: '20190116', resolved: false },
  ]);
  t.match(await here.rows('SELECT status, current_offset FROM sync_tasks'), [
    { status: 'COMPLETED', current_offset: open.length },
  ]);
  t.same(await here.rows(`SELECT partition, state FROM coverage WHERE state <> 'complete' ORDER BY 1`), [
    { partition: '20190109', state: 'failed' },
    { partition: '20190116', state: 'failed' },
  ]);
});

t.test(
  'failures are retried first: resolved when fetched, counted when not, left at the maximum',
  async (t) => {
    const { whole } = await brokenDays(new Set(['20190109', '20190116']));
    const incremental = (number: number) =>
      here.run({
        dataset: 'daily_basic',
        mode: 'incremental',
        task_id: `incremental ${number}`,
        fence: number,
        params: { target_date: '20190118' },
      });
    await here.run({ ...HISTORY, params: { ...PARAMS, end_date: '20190117' } });
    here.answers = whole(new Set(['20190116']));
    here.requests.length = 0;
    await incremental(1);
    t.same(
      here.requests
        .slice(0, 2)
        .map(({ params }) => params.trade_date)
        .sort(),
      ['20190109', '20190116'],
      'before the new day',
    );
    t.match(await records(), [
      { third_code: '20190109', resolved: true, retry_count: 0, units: [] },
      { third_code: '20190116', resolved: false, retry_count: 1 },
    ]);
    await incremental(2);
    t.match(await records(), [{}, { third_code: '20190116', resolved: false, retry_count: 2 }]);
    here.requests.length = 0;
    await incremental(3);
    t.same(
      here.requests.map(({ params }) => params.trade_date),
      ['20190118'],
      'at the maximum it is not asked for any more, and kept',
    );
    here.answers = whole(new Set());
    await here.run({
      dataset: 'daily_basic',
      mode: 'backfill',
      task_id: 'by hand',
      params: { dates: ['20190116'] },
    });
    t.match(
      await records(),
      [{}, { third_code: '20190116', resolved: true }],
      'whoever fetches it resolves it',
    );
    t.same(await here.rows(`SELECT count(*) AS n FROM coverage WHERE state <> 'complete'`), [{ n: 0 }]);
  },
);

t.test('when no unit works, or ten fail in a row, it is not the units: the attempt ends', async (t) => {
  const { open, whole } = await brokenDays(new Set());
  here.answers = whole(new Set(open));
  await t.rejects(here.run(HISTORY), { type: 'tushare_bad_answer', message: /close should be/ });
  t.same(await records(), []);
  t.match(await here.rows('SELECT status FROM sync_tasks'), [{ status: 'FAILED' }]);
});

t.test('an error that would meet every unit ends the run', async (t) => {
  await brokenDays(new Set());
  const { call } = here.context({});
  let calls = 0;
  await t.rejects(
    here.run(HISTORY, {
      call(...asked) {
        if (++calls < 4) return call(...asked);
        throw Object.assign(new Error('cut'), { type: 'network' });
      },
    }),
    { message: 'cut' },
  );
  t.same(await records(), []);
});

t.test('the failure of a code is told by the code', async (t) => {
  const { codeOf } = await import('../../src/sync/partition.ts');
  t.equal(codeOf('600000.SH/20100101-20191231'), '600000.SH');
  t.equal(codeOf('1/600000.SH'), '600000.SH');
  t.equal(codeOf('SSE/20190108'), 'SSE/20190108');
});
