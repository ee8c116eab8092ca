/** Not data: a task that makes one call and tells how long the way to TuShare is, through the proxy where one is set. */
import type { RunnerDataset } from './dataset.ts';

/** No module: workers/run-task.ts knows the program by this name, so that web can list it without reaching it. */
export const CONNECTION_TEST_RUNNER = 'dayline:connection-test';

export const connectionTest: RunnerDataset = {
  name: 'connection_test',
  group: 'jobs',
  title: { zh: '连接测试（令牌与代理）', en: 'Connection test (token and proxy)' },
  runner: CONNECTION_TEST_RUNNER,
  asks_tushare: true,
  modes: ['full'],
  timeout_seconds: 120,
  max_attempts: 1,
};
