/** From when on a RUNNING history is stale is a setting (S3 10.3); what becomes of a stale one: stale.test.ts. */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import type { ClaimedTask, TaskStatus } from '../../src/queue/task.ts';
import { refuseWhileAnotherRuns } from '../../src/sync/another-runs.ts';
import { freshSchedules } from '../scheduler/support/schedules.ts';

t.test('SYNC_TASK_STALE_TIMEOUT_MINUTES says after how long without a heartbeat', async (t) => {
  const { store } = await freshSchedules(t);
  await store.pool.query(
    `INSERT INTO sync_tasks (id, job_type, status, started_at, updated_at, config)
     VALUES (gen_random_uuid(), 'DAILY_HISTORY', 'RUNNING', now(), now() - interval '4 minutes', '{"task_id": "old"}')`,
  );
  const task = { task_id: 'new', job_type: 'daily.history', mode: 'history' } as ClaimedTask;
  const look = (minutes: string, status: TaskStatus | null = null) => {
    const config = loadConfig(minutes ? { SYNC_TASK_STALE_TIMEOUT_MINUTES: minutes } : {});
    return refuseWhileAnotherRuns(store, task, config.SYNC_TASK_STALE_TIMEOUT_MINUTES, async (task_id) =>
      task_id === 'old' ? status : null,
    );
  };
  await t.resolves(look('3'), 'after 3 minutes it is stale');
  await t.rejects(look('5'), { type: 'already_running', message: /within the last 5 minutes/ });
  await t.rejects(look(''), { message: /within the last 10 minutes/ }, 'ten unless told otherwise');
  for (const status of ['cancelled', 'failed', 'completed', 'pending'] as const)
    await t.resolves(look('', status), `the queue says that its task does not run: ${status}`);
  await t.rejects(look('', 'running'), { type: 'already_running', message: /of task old/ });
});
