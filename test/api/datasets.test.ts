import t from 'tap';
import { GROUPS } from '../../src/datasets/groups.ts';
import { startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

interface Listed {
  name: string;
  group: string;
  points: number | null;
  permission: string;
  retired: boolean;
  unavailable: string | null;
}

t.test('the catalogue is listed by group, and can be narrowed', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  const list = async (query = ''): Promise<Listed[]> => {
    const { status, body } = await api.get(`/api/v1/datasets${query}`);
    t.equal(status, 200, query);
    return body.data.datasets;
  };
  const all = await list();
  t.ok(all.length >= 164);
  const order = Object.keys(GROUPS);
  const places = all.map((dataset) => order.indexOf(dataset.group));
  t.same(
    places,
    [...places].sort((a, b) => a - b),
    'in the order of the groups',
  );

  const bonds = await list('?group=bonds');
  t.ok(bonds.length > 0 && bonds.length < all.length);
  t.same(new Set(bonds.map((dataset) => dataset.group)), new Set(['bonds']));

  const cheap = await list('?points=120');
  t.ok(cheap.some(({ name }) => name === 'daily'));
  t.ok(cheap.every(({ points, permission }) => (points ?? 0) <= 120 && permission === 'points'));
  t.ok(all.some(({ name, permission }) => name === 'stk_mins' && permission === 'separate'));

  const retired = await list('?retired=true');
  t.ok(retired.some(({ name }) => name === 'concept'));
  t.ok(retired.every((dataset) => dataset.retired));
  const available = await list('?available=true');
  t.notOk(available.some(({ name }) => name === 'concept'));
  t.equal(available.length + (await list('?available=false')).length, all.length);

  for (const query of ['?group=stocks', '?points=-1', '?points=many', '?grup=bonds'])
    t.match(await api.get(`/api/v1/datasets${query}`), { status: 400, body: { code: 'VALIDATION_FAILED' } });
});

t.test('one dataset tells its columns with units, its documentation and what replaces it', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  const { data } = (await api.get('/api/v1/datasets/daily_basic')).body;
  const field = (name: string) => data.fields.find((one: { name: string }) => one.name === name);
  t.match(field('total_mv'), { type: 'double', unit: '10,000 yuan', required: true });
  t.match(field('ts_code'), { type: 'text', unit: null });
  t.match(data, {
    published_at: '17:00',
    documentation: 'https://tushare.pro/document/2?doc_id=32',
    use_instead: [],
  });
  const concept = (await api.get('/api/v1/datasets/concept')).body.data;
  t.match(concept, { retired: true, use_instead: ['ths_index', 'dc_index'], unavailable: /ths_index/ });
});

t.test('a retired dataset is refused with what to use, before anything is queued', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  t.match(await api.post('/api/v1/tasks', { dataset: 'concept' }), {
    status: 422,
    body: {
      code: 'DATASET_UNAVAILABLE',
      message: /concept: TuShare has retired it .*use ths_index or dc_index/,
    },
  });
  t.equal((await api.get('/api/v1/tasks')).body.data.total, 0);
});

t.test('a submission says what speaks against its dataset, and is taken', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const warningOf = async (dataset: string) =>
    (await api.post('/api/v1/tasks', { dataset })).body.data.warning as string | null;
  t.match(await warningOf('stk_premarket'), /permission for it apart from points/);
  t.match(await warningOf('slb_sec'), /lending of shares was suspended on 2024-07-11/);
  t.equal(await warningOf('adj_factor'), null);
});
