import t from 'tap';
import { SettingsSchema } from '../../src/config.ts';
import { oldSettings } from '../../src/old-settings.ts';
import { testConfig } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test(
  'the window is 195 calls in 60 s unless told otherwise, and there is no fixed interval (R80, R92)',
  async (t) => {
    const { TUSHARE_RATE_LIMIT_MAX_CALLS, TUSHARE_RATE_LIMIT_WINDOW_SECONDS } = testConfig();
    t.same([TUSHARE_RATE_LIMIT_MAX_CALLS, TUSHARE_RATE_LIMIT_WINDOW_SECONDS], [195, 60]);
    t.equal(testConfig({ TUSHARE_RATE_LIMIT_MAX_CALLS: '50' }).TUSHARE_RATE_LIMIT_MAX_CALLS, 50);
    t.notOk('TUSHARE_MIN_INTERVAL' in SettingsSchema.properties);
  },
);

t.test('a supervisor warns of TUSHARE_MIN_INTERVAL, which has no effect any more (D2)', async (t) => {
  const redis = await freshRedis(t);
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, TUSHARE_MIN_INTERVAL: '0.35' });
  const line = await supervisor.logged(({ msg }) => /TUSHARE_MIN_INTERVAL/.test(String(msg)));
  t.match(line, { level: 40, msg: /is set and has no effect: .* Remove it\.$/ });
  t.same(oldSettings({ TUSHARE_MIN_INTERVAL: ' ', TUSHARE_TOKEN: 'x' }), [], 'empty is not set');
});
