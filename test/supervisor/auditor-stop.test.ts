/** An auditor that is stopped at any moment of its life ends quietly. */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { AuditList } from '../../src/queue/audit-list.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { Auditor } from '../../src/supervisor/auditor.ts';
import { freshRedis } from '../support/redis.ts';

t.test('stopped without a start, twice, and again after one', async (t) => {
  const { url } = await freshRedis(t);
  const redis = openRedis(url, { name: 'test:auditor' });
  t.teardown(() => redis.disconnect());
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  t.teardown(() => process.off('unhandledRejection', note));
  const log = createLogger('test', 'silent');
  const auditor = new Auditor(loadConfig({ REDIS_URL: url }), 'sup-test', new AuditList(redis, 'stock'), log);

  await auditor.stop();
  await auditor.stop();
  await auditor.start((error) => t.fail(`it crashed: ${error.message}`));
  await auditor.stop();
  await new Promise((resolve) => setImmediate(resolve)); // when Node would have told
  t.same(unhandled, []);
});
