import { request } from 'node:http';
import t from 'tap';
import { freshSimulator } from '../support/simulator.ts';

/** The calendar goes to the end of the year after. */
const NOVEMBER_2026 = () => new Date('2026-11-20T17:00:00+08:00');

t.test(
  'columns: default ones without names, named ones in the server order, unknown names dropped',
  async (t) => {
    const { call } = await freshSimulator(t);
    const shown = 'ts_code,symbol,name,area,industry,cnspell,market,list_date,act_name,act_ent_type';
    const plain = await call('stock_basic', { limit: '1' });
    t.equal(plain.data?.fields.join(), shown);
    const named = await call('stock_basic', { limit: '1' }, 'delist_date,no_such_column,ts_code,exchange');
    t.same(named.data?.fields, ['ts_code', 'exchange', 'delist_date']);
    t.equal(named.data?.items[0]?.length, 3);
    const asArray = await call('stock_basic', { limit: '1' }, ['list_status', 'ts_code']);
    t.same(asArray.data?.fields, ['ts_code', 'list_status']);
  },
);

t.test(
  'pages: the cap holds whatever the limit, has_more tells of more, count is never a total',
  async (t) => {
    const { call } = await freshSimulator(t, { now: NOVEMBER_2026 });
    const all = await call('trade_cal', { limit: '100000' });
    t.equal(all.code, 0);
    t.equal(all.data?.items.length, 6000);
    t.equal(all.data?.has_more, true);
    t.equal(all.data?.count, -1);

    const codes: unknown[] = [];
    let more = true;
    for (let offset = 0; more; offset += 4000) {
      const page = await call('trade_cal', { offset, limit: 4000 });
      codes.push(...(page.data?.items.map((item) => item[1]) ?? []));
      more = page.data?.has_more ?? false;
    }
    t.equal(codes.length, 13_527, 'every day from 1990-12-19 to 2027-12-31');
    t.equal(new Set(codes).size, codes.length, 'pages do not overlap');
    t.same(codes, codes.toSorted().reverse(), 'newest first');

    const exact = await call('daily', { ts_code: '600001.SH', limit: 10, end_date: '20250101' });
    t.equal(exact.data?.items.length, 10);
    t.equal(exact.data?.has_more, true);
    t.equal((await call('trade_cal', { offset: 13_526 })).data?.has_more, false, 'the last row is the last');
    t.match(await call('trade_cal', { offset: 100_001 }), { code: 50101, data: null, msg: /^查询数据失败/ });
    t.equal((await call('trade_cal', { offset: 100_000 })).code, 0);
  },
);

t.test(
  'parameters: empty ones are ignored, defaults and lists work, a wrong code is an empty answer',
  async (t) => {
    const { call, records } = await freshSimulator(t, { now: NOVEMBER_2026 });
    const empty = await call('trade_cal', {
      limit: '',
      offset: '',
      is_open: '',
      start_date: '20261230',
      end_date: '20261231',
    });
    t.same(empty.data?.items, [
      ['SSE', '20261231', 1, '20261230'],
      ['SSE', '20261230', 1, '20261229'],
    ]);
    const open = await records('trade_cal', { start_date: '20190101', end_date: '20191231', is_open: '1' });
    t.equal(open.length, 244);
    t.ok(open.every((day) => day.is_open === 1));
    t.equal((await records('trade_cal', { start_date: '20261231', exchange: 'SZSE' }))[0]?.exchange, 'SZSE');

    const statuses = async (params: object) => [
      ...new Set(
        (await records('stock_basic', params, 'list_status,exchange')).map((row) => row.list_status),
      ),
    ];
    t.same(await statuses({}), ['L'], 'only listed ones unless asked');
    t.same(await statuses({ list_status: 'D' }), ['D']);
    t.same((await statuses({ list_status: 'L,D,P,G' })).sort(), ['D', 'L']);
    t.same(await statuses({ list_status: 'P' }), []);
    const beijing = await records('stock_basic', { exchange: 'BSE' }, 'ts_code');
    t.ok(beijing.length > 200 && beijing.every((row) => /^920\d{3}\.BJ$/.test(String(row.ts_code))));

    const codes = '600001.SH,000001.SZ';
    const pair = await records('daily', { ts_code: codes, start_date: '20240101', end_date: '20240301' });
    t.same([...new Set(pair.map((row) => row.ts_code))].sort(), codes.split(',').sort());
    t.match(await call('daily', { ts_code: '999999.SH' }), { code: 0, data: { items: [], has_more: false } });
    t.match(await call('daily', { trade_date: '20190105' }), { code: 0, data: { items: [] } }, 'a Saturday');
  },
);

t.test('refusals arrive with HTTP 200, a null data and the words of TuShare', async (t) => {
  const { url, call } = await freshSimulator(t, { tokens: ['good'] });
  const badToken = { code: 40101, data: null, msg: '您的token不对，请确认。' };
  t.match(await call('daily', {}, '', 'bad'), badToken);
  t.match(await call('daily', {}, '', ''), badToken);
  t.match(await call('no_such_api', {}, '', 'good'), { code: 40101, data: null, msg: '请指定正确的接口名' });
  const broken = await fetch(url, { method: 'POST', body: 'api_name=daily' });
  t.equal(broken.status, 200);
  t.match(await broken.json(), { code: 50101, data: null });
  t.equal((await fetch(url)).status, 404, 'only POST speaks the protocol');

  const open = await freshSimulator(t);
  t.match(
    await open.call('daily', {}, '', 'your_tushare_token_here'),
    badToken,
    'the placeholder is no token',
  );
  t.equal((await open.call('trade_cal', { limit: 1 }, '', 'anything')).code, 0);
});

t.test('the paths of the newer SDK answer too', async (t) => {
  const { url } = await freshSimulator(t);
  const body = JSON.stringify({ token: 'x', params: { limit: 1 }, api_name: 'trade_cal' });
  t.match(await (await fetch(`${url}/dataapi`, { method: 'POST', body })).json(), { code: 0 });
  const unnamed = JSON.stringify({ token: 'x', params: { limit: 1 } });
  const answer = await fetch(`${url}/dataapi/trade_cal`, { method: 'POST', body: unnamed });
  t.match(await answer.json(), { code: 0 });
});

t.test('bodies are packed exactly when the client asks for it', async (t) => {
  const { url } = await freshSimulator(t);
  const encodingFor = (headers: Record<string, string>) =>
    new Promise<string | undefined>((resolve, reject) => {
      const call = request(url, { method: 'POST', headers }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.headers['content-encoding']));
      });
      call.once('error', reject);
      call.end(JSON.stringify({ api_name: 'daily', token: 'x', params: { trade_date: '20190102' } }));
    });
  t.equal(await encodingFor({ 'Accept-Encoding': 'gzip, deflate' }), 'gzip');
  t.equal(await encodingFor({}), undefined);
});
