/** Runs that fetch days by groups of codes: whatever trades arrives whole, listed or not, interrupted or not. */
import t from 'tap';
import { type Bench, bar, bench, daily, type Request, type Row, smallMarket } from './support.ts';

/** So many that two days are more than a call may have. */
const STOCKS = 3100;
const history = { params: { start_date: '20190107', end_date: '20190118' } };

const here = await bench(t);
t.beforeEach(() => here.clear());

const calls = () => here.requests.map(({ params }) => params);
const groupCalls = () => calls().filter(({ ts_code }) => ts_code !== undefined);
const states = () => here.rows('SELECT state, count(*)::int AS days FROM coverage GROUP BY 1 ORDER BY 1');
const reason = async () =>
  String((await here.rows(`SELECT config->>'reason' AS reason FROM sync_tasks`))[0]?.reason);

/** What a stock trades on some days only, in the way of the small TuShare. */
const tradesOn = (code: string, days: readonly string[], request: Request): Row[] =>
  daily([code], [...days], request);

async function stored(of: Bench, ts_code: string): Promise<number> {
  const rows = await of.rows(`SELECT count(*)::int AS rows FROM daily WHERE ts_code = '${ts_code}'`);
  return Number(rows[0]?.rows);
}

t.test('a block is two days of the whole market and full groups between them', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  here.answers = (request) => daily(codes, open, request);
  const shares: number[] = [];
  await here.run(history, { progress: (share) => shares.push(share) });
  t.same(await here.rows('SELECT count(*)::int AS rows FROM daily'), [{ rows: 10 * STOCKS }]);
  t.same(await states(), [{ state: 'complete', days: 10 }]);
  t.equal(here.requests.length, 9, 'two of the whole market, and seven to name 3,100 codes');
  t.same(
    calls()
      .slice(0, 2)
      .map(({ trade_date }) => trade_date)
      .sort(),
    ['20190107', '20190118'],
  );
  for (const { start_date, end_date } of groupCalls())
    t.same([start_date, end_date], ['20190108', '20190117']);
  t.same(
    shares,
    shares.toSorted((a, b) => a - b),
    'progress never falls',
  );
  t.ok(new Set(shares).size > 6, 'and moves with each group');
  t.notMatch(await reason(), /stock list|failed|fewer/);
});

t.test('codes that the list lacks, lost, replaced, or dates wrongly arrive as well', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  const middle = open.slice(2, 6);
  await here.put('stock_basic', [
    { ts_code: '302132.SZ', name: 'renamed', list_status: 'L', list_date: '20100827' },
    { ts_code: '920001.BJ', name: 'renumbered', list_status: 'L', list_date: '20100827' },
    { ts_code: '000003.SZ', name: 'gone', list_status: 'D', list_date: '19910114', delist_date: '20190111' },
    { ts_code: '000004.SZ', name: 'dated wrongly', list_status: 'L', list_date: '20190201' },
    { ts_code: '000005.SZ', name: 'without a date', list_status: 'L', list_date: null },
  ]);
  await here.db.query(
    `INSERT INTO code_changes (old_code, new_code, reason, sync_task_id)
     VALUES ('830001.BJ', '920001.BJ', 'same_name', gen_random_uuid())`,
  );
  here.answers = (request) => [
    ...daily([...codes, '300114.SZ', '000004.SZ'], open, request),
    ...tradesOn('000003.SZ', open.slice(0, 4), request),
    ...tradesOn('830001.BJ', middle, request),
    ...tradesOn('000005.SZ', middle, request),
  ];
  await here.run(history);
  t.equal(await stored(here, '300114.SZ'), 10, 'in no list: seen on the days of the whole market');
  t.equal(await stored(here, '000004.SZ'), 10, 'traded before its first day of listing');
  t.equal(await stored(here, '000003.SZ'), 4, 'delisted since');
  t.equal(await stored(here, '830001.BJ'), 4, 'replaced, and on none of the whole-market days');
  t.equal(await stored(here, '000005.SZ'), 4, 'listed without a date, and on none of these days');
  t.same(await states(), [{ state: 'complete', days: 10 }]);
  t.match(await reason(), /^1 codes of daily are in no stock list and were asked for as well \(300114.SZ\)/);

  await here.db.query(`DELETE FROM daily WHERE ts_code = '300114.SZ' AND trade_date > '20190109'`);
  here.requests.length = 0;
  here.answers = (request) => [...daily(codes, open, request), ...tradesOn('300114.SZ', middle, request)];
  await here.run({ ...history, task_id: 'again', fence: 2 });
  t.equal(await stored(here, '300114.SZ'), 6, 'a code that is stored is known, and asked for on all days');
});

t.test('a run that is interrupted in a block goes on with the groups that are not stored', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  const listed = { name: 'dated wrongly', list_status: 'L' };
  await here.put('stock_basic', [{ ...listed, ts_code: '699998.SH', list_date: '20190201' }]);
  const pause = new AbortController();
  here.answers = (request) => {
    if (groupCalls().length === 3) pause.abort('enough');
    return daily([...codes, '699998.SH', '999999.SH'], open, request);
  };
  const first = await here.run(history, {
    pause: pause.signal,
    config: { ...here.config, SYNC_CALLS_IN_FLIGHT: 1 },
  });
  t.equal(first.kind, 'paused');
  t.equal(groupCalls().length, 3);
  t.same(await states(), [{ state: 'complete', days: 2 }], 'no day is known before all its groups are in');
  const before = calls().map((params) => JSON.stringify(params));

  here.requests.length = 0;
  // one more that would move the bounds of the groups, were they made anew
  await here.put('stock_basic', [
    { ts_code: '600000.AA', name: 'new', list_status: 'L', list_date: '20000101' },
  ]);
  here.answers = (request) => daily([...codes, '699998.SH', '999999.SH', '600000.AA'], open, request);
  const second = await here.run({ ...history, attempt: 1, fence: 2 });
  t.match(second, { kind: 'completed', records_processed: 10 * (STOCKS + 2) });
  t.equal(here.requests.length, 4);
  for (const params of calls()) t.notOk(before.includes(JSON.stringify(params)), 'nothing is fetched twice');
  t.same(await states(), [{ state: 'complete', days: 10 }]);
  t.equal(await stored(here, '999999.SH'), 10, 'and what no list has is still known');
  t.equal(await stored(here, '699998.SH'), 10, 'what trades before its listing too');
  t.match(await reason(), /999999.SH/);
});

t.test('a day that falls short of the whole-market days is partial, and asked for again whole', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  const short = new Set(codes.slice(0, STOCKS * 0.06));
  here.answers = (request) =>
    daily(codes, open, request).filter(
      ({ ts_code, trade_date }) => trade_date !== '20190110' || !short.has(String(ts_code)),
    );
  await here.run(history);
  t.same(await states(), [
    { state: 'complete', days: 9 },
    { state: 'partial', days: 1 },
  ]);
  t.match(await reason(), /1 have fewer rows than expected/);
  here.requests.length = 0;
  here.answers = (request) => daily(codes, open, request);
  await here.run({ ...history, params: { ...history.params, missing: true }, mode: 'backfill', fence: 2 });
  t.same(calls(), [{ trade_date: '20190110' }]);
  t.same(await states(), [{ state: 'complete', days: 10 }]);
});

t.test('a day that one group lacks altogether is partial too, however few rows that are', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  const last = new Set(codes.slice(-100));
  here.answers = (request) =>
    daily(codes, open, request).filter(
      ({ ts_code, trade_date }) => trade_date !== '20190110' || !last.has(String(ts_code)),
    );
  await here.run(history);
  t.same(await here.rows(`SELECT partition FROM coverage WHERE state = 'partial'`), [
    { partition: '20190110' },
  ]);
});

t.test('a group that fails leaves its days failed, and the others stored', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  const broken = (request: Request) => request.params.ts_code?.startsWith('600000.SH');
  here.answers = (request) => {
    const rows = daily(codes, open, request);
    return broken(request) ? [...rows, bar('600000.SH', '20190201')] : rows;
  };
  await here.run(history);
  t.same(await states(), [
    { state: 'complete', days: 2 },
    { state: 'failed', days: 8 },
  ]);
  t.match(
    await here.rows('SELECT resolved_at, jsonb_array_length(units) AS days FROM sync_failure_records'),
    [{ resolved_at: null, days: 8 }],
  );
  here.answers = (request) => daily(codes, open, request);
  await here.run({ ...history, params: { ...history.params, missing: true }, mode: 'backfill', fence: 2 });
  t.same(await states(), [{ state: 'complete', days: 10 }]);
  t.same(await here.rows('SELECT count(*)::int AS rows FROM daily'), [{ rows: 10 * STOCKS }]);
});

t.test('a last day that is not published yet leaves the block before it complete', async (t) => {
  const { codes, open } = await smallMarket(here, STOCKS);
  here.answers = (request) => daily(codes, open.slice(0, -1), request);
  await here.run(history);
  t.same(await states(), [
    { state: 'complete', days: 9 },
    { state: 'missing', days: 1 },
  ]);
});
