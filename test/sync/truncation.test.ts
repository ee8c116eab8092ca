import t from 'tap';
import { answer, bar, bench, daily, smallMarket } from './support.ts';

t.test('an answer cut at the cap is split by days until every part is whole', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 1400);
  const cap = 3000; // The server's cap fell without a word: 4 days of 1,400 do not fit any more.
  here.answers = (request) => daily(codes, open, request).slice(0, cap);
  await here.run({ params: { end_date: '20190120' } });
  t.same(await here.rows('SELECT count(*) AS rows FROM daily'), [{ rows: 14_000 }]);
  t.same(await here.rows(`SELECT DISTINCT state FROM coverage`), [{ state: 'complete' }]);
});

t.test('has_more splits a unit as well', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 30);
  here.answers = (request) => {
    const rows = daily(codes, open, request);
    return rows.length > 60 ? { ...answer(rows.slice(0, 47)), has_more: true } : rows;
  };
  await here.run({ params: { end_date: '20190120' } });
  t.same(await here.rows('SELECT count(*) AS rows FROM daily'), [{ rows: 300 }]);
});

t.test('a day larger than the cap is read page by page', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 7100);
  here.answers = (request) => daily(codes, open, request).slice(0, 6000);
  await here.run({ params: { start_date: '20190108', end_date: '20190108' } });
  t.same(await here.rows('SELECT count(*) AS rows FROM daily'), [{ rows: 7100 }]);
  t.same(
    here.requests.map((request) => request.params.offset),
    [undefined, '6000'],
  );
});

t.test('pages that overlap are read again until nothing new comes', async (t) => {
  const here = await bench(t);
  const { codes } = await smallMarket(here, 7000);
  // The order moves between the first two pages: the row that slips over the boundary is on neither.
  const moved = [...codes.slice(-1), ...codes.slice(0, -1)];
  here.answers = ({ params: { offset, limit } }) => {
    const order = here.requests.length === 2 ? moved : codes;
    const from = Number(offset ?? 0);
    return order
      .slice(from, from + Math.min(6000, Number(limit ?? 6000)))
      .map((code) => bar(code, '20190108'));
  };
  await here.run({ params: { start_date: '20190108', end_date: '20190108' } });
  t.same(await here.rows('SELECT count(*) AS rows FROM daily'), [{ rows: 7000 }]);
});
