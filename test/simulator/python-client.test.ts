import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import { realData } from '../support/real-data.ts';
import { freshSimulator } from '../support/simulator.ts';

const CLIENT = new URL('client.py', import.meta.url).pathname;
const hasPython = spawnSync('python3', ['--version']).status === 0;

t.test(
  'a client that asks like TuShare’s Python SDK is served',
  { skip: hasPython ? false : 'there is no python3' },
  async (t) => {
    const sources = realData ? ['', realData] : [''];
    if (!realData) t.comment('the real data is absent: only the generated market is asked');
    for (const data of sources) {
      const { url, call, description } = await freshSimulator(t, { data, tokens: ['test-token'] });
      const { stdout } = await promisify(execFile)('python3', [CLIENT, url, 'test-token']);
      const seen = JSON.parse(stdout);
      const used = [seen.requests ? 'requests' : 'urllib', seen.pandas ? 'pandas' : 'plain tables'];
      t.comment(`${description}: asked with ${used.join(' and ')}`);
      const daily = (await call('daily', { trade_date: '20190102' })).data;
      t.match(seen, {
        stocks: (await call('stock_basic')).data?.items.length,
        open_days: 244,
        daily: daily?.items.length,
        refused: '请指定正确的接口名',
      });
      t.same(Object.values(seen.first), daily?.items[0], 'the same row, number for number');
    }
  },
);
