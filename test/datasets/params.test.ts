import t from 'tap';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import { checkSubmission } from '../../src/datasets/params.ts';

const catalogue = await loadCatalogue({ DATASETS_PATH: '' });
const NOW = new Date('2026-11-20T20:00:00Z'); // the 21st in Shanghai
const check = (dataset: string, mode: string | undefined, params: object) =>
  checkSubmission(catalogue, { dataset, mode, params: params as Record<string, unknown> }, NOW);

t.test('what can be queued comes back in one form', async (t) => {
  t.same(check('daily', 'history', { start_date: '2019-01-02', end_date: '20191231' }), {
    dataset: 'daily',
    mode: 'history',
    job_type: 'daily.history',
    params: { start_date: '20190102', end_date: '20191231' },
    timeout_seconds: 3600,
    max_attempts: null,
  });
  t.match(check('stock_basic', undefined, {}), { mode: 'full', timeout_seconds: 1800 });
  t.same(check('daily', 'backfill', { dates: ['20190103', '2019-01-02', '20190103'] }).params, {
    dates: ['20190102', '20190103'],
  });
  t.same(check('daily', 'history', { end_date: '20261121' }).params, { end_date: '20261121' }, 'today');
  t.ok(check('daily', 'history', {}).timeout_seconds > 3600, 'all of history has longer');
});

t.test('an unknown dataset is answered with the nearest name', async (t) => {
  t.throws(() => check('dailly', 'history', {}), {
    code: 'UNKNOWN_DATASET',
    message: /did you mean daily\?/,
  });
  t.throws(() => check('constructor', 'history', {}), { code: 'UNKNOWN_DATASET' });
});

const REFUSED: [string, string, object, RegExp][] = [
  ['daily', 'full', {}, /mode "full" is not offered \(history, backfill, incremental\)/],
  ['daily', 'backfil', {}, /did you mean backfill\?/],
  ['daily', 'history', { start_date: '20190230' }, /start_date must be a date that exists/],
  ['daily', 'history', { start_date: '2019-0102' }, /a date that exists/],
  ['daily', 'history', { start_date: 20190102 }, /a date that exists/],
  ['daily', 'history', { start_date: '20190103', end_date: '20190102' }, /backwards/],
  ['daily', 'history', { start_date: '19000101' }, /before the market opened/],
  ['daily', 'history', { end_date: '20261122' }, /in the future/],
  ['daily', 'history', { stat_date: '20190102' }, /unknown parameter "stat_date", did you mean start_date\?/],
  ['stock_basic', 'full', { start_date: '20190102' }, /it takes none/],
  ['daily', 'backfill', {}, /needs dates, or start_date and end_date/],
  ['daily', 'backfill', { start_date: '20190102' }, /needs dates/],
  ['daily', 'backfill', { dates: [] }, /at least one/],
  ['daily', 'backfill', { dates: ['20190102', 'x'] }, /dates\[1\]/],
  ['daily', 'backfill', { dates: ['20190102'], end_date: '20190102' }, /not both/],
];
for (const [dataset, mode, params, message] of REFUSED)
  t.test(`refused: ${dataset} ${mode} ${JSON.stringify(params)}`, async (t) => {
    t.throws(() => check(dataset, mode, params), { code: 'INVALID_PARAMS', message });
  });
