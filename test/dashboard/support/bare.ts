/** What a test of the page needs when nothing is to run: web, a browser, and the queue on a Redis of its own. */
import { startApi } from '../../support/api.ts';
import { startBrowser } from '../../support/browser.ts';
import { openTestQueue } from '../../support/queue.ts';
import { freshRedis } from '../../support/redis.ts';
import { FIXTURE_DATASETS } from '../../support/supervisor.ts';

/** Web has the datasets of the fixtures, and neither Postgres nor a supervisor. */
export async function startBare(t: Parameters<typeof freshRedis>[0]) {
  const redis = await freshRedis(t);
  const [api, browser, queue] = await Promise.all([
    startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS }),
    startBrowser(t),
    openTestQueue(t, redis.url),
  ]);
  return { api, browser, queue };
}
