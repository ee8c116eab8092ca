/** Web answers at once whatever the supervisors do (R2, R3). */
import t, { type Test } from 'tap';
import { type Api, startApi } from '../support/api.ts';
import { openTestQueue, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { FIXTURE_DATASETS, startSupervisor } from '../support/supervisor.ts';

const percentile95 = (times: number[]) =>
  times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] as number;

t.test('while tasks of 60 s run, submissions and questions are answered, 95 of 100 in 200 ms', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS });
  await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2' });
  const long = { dataset: 'steady', params: { steps: 600, step_ms: 100 }, timeout_seconds: 90 };
  const submitted = [
    await api.post('/api/v1/tasks', { dataset: 'spin', timeout_seconds: 60 }),
    await api.post('/api/v1/tasks', long),
  ];
  const ids = submitted.map(({ body }) => body.data.task_id);
  for (const id of ids) await until(queue, id, (task) => task.status === 'running');

  // A round is spoilt when the machine is busy with something else; web that waited for the tasks would spoil each.
  for (let more = 3; more >= 0; more--) {
    const p95 = await askForAWhile(t, api);
    t.comment(`p95 in ms: ${JSON.stringify(p95)}`);
    if (more > 0 && !(p95.submissions < 200 && p95.questions < 200)) continue;
    t.ok(p95.submissions < 200, `submissions: p95 ${p95.submissions.toFixed(1)} ms`);
    t.ok(p95.questions < 200, `questions: p95 ${p95.questions.toFixed(1)} ms`);
    break;
  }
  for (const id of ids)
    t.match(await queue.get(id), { status: 'running', attempt: 0 }, 'they ran all the while');
});

/** Submits 50 tasks and 50 groups and asks for 50 tasks, one after the other. */
async function askForAWhile(t: Test, api: Api): Promise<{ submissions: number; questions: number }> {
  const submissions: number[] = [];
  const questions: number[] = [];
  for (let i = 0; i < 50; i++) {
    const task = await api.post('/api/v1/tasks', { dataset: 'steady' });
    t.equal(task.status, 202);
    submissions.push(task.ms);
    const group = await api.post('/api/v1/executions', { datasets: ['noop', 'steady'] });
    t.match(group.body.data, {
      execution_id: String,
      tasks: [{ task_id: String, execution_id: String }, {}],
    });
    submissions.push(group.ms);
    const seen = await api.get(`/api/v1/tasks/${task.body.data.task_id}`);
    t.equal(seen.body.data.status, 'pending', 'its type is busy: it was answered before it ran');
    questions.push(seen.ms);
  }
  return { submissions: percentile95(submissions), questions: percentile95(questions) };
}
