import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { monotonicMs } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { ThreadPool } from '../../src/supervisor/thread-pool.ts';
import { freshFolder } from '../support/folder.ts';
import { openPool, POOL_TOKEN, poolTask, running } from './support/pool.ts';

t.test('a task runs to its result and tells its progress on the way', async (t) => {
  const pool = await openPool(t, 1);
  const { run, heard } = running(pool, 'steady', { steps: 3, step_ms: 5 });
  t.strictSame(await run.ended, { kind: 'result', result: { kind: 'completed', records_processed: 3 } });
  const last = heard.findLast((message) => message.type === 'progress');
  t.match(last, { progress: 99, records_processed: 3, message: 'step 3' });
  t.equal(heard.filter((message) => message.type === 'checkpoint').length, 3);
  t.equal(pool.busy, 0);
});

t.test('a spinning thread is killed, its slot works on, its neighbour is not disturbed', async (t) => {
  const pool = await openPool(t, 2);
  const neighbour = running(pool, 'steady', { steps: 20, step_ms: 50 });
  const spin = running(pool, 'spin');
  await Promise.all([spin.progressed, neighbour.progressed]);
  t.equal(pool.busy, 2);
  const killedAt = monotonicMs();
  spin.run.kill('timeout');
  t.strictSame(await spin.run.ended, { kind: 'killed', reason: 'timeout' });
  t.equal(pool.busy, 1);
  const next = running(pool, 'noop');
  t.match(await next.run.ended, { result: { kind: 'completed' } });
  t.comment(`kill to next task done: ${(monotonicMs() - killedAt).toFixed(0)} ms`);
  t.match(await neighbour.run.ended, { result: { kind: 'completed', records_processed: 20 } });
});

t.test(
  'its threads give way to the loop that beats and kills',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const pool = await openPool(t, 1);
    const { run, progressed } = running(pool, 'spin');
    await progressed;
    const niceOf = (tid: string) => os.getPriority(Number(tid));
    const threads = readdirSync('/proc/self/task').map(niceOf);
    t.ok(threads.includes(niceOf(String(process.pid)) + 10), 'the one that spins');
    run.kill('the test is over');
    await run.ended;
  },
);

t.test('a thread inside a native call ends its run only when it has exited', async (t) => {
  const pool = await openPool(t, 1);
  const { run, progressed } = running(pool, 'blocks', { seconds: 3 });
  await progressed;
  await delay(200); // no signal can tell from inside that the native call has begun
  const killedAt = monotonicMs();
  run.kill('timeout');
  await run.ended;
  // The call goes on for 2.8 s; less where its beginning was noticed late. A kill takes some 10 ms.
  const lastedMs = monotonicMs() - killedAt;
  t.ok(lastedMs > 1_000, `the run lasted as long as the native call: ${lastedMs.toFixed(0)} ms more`);
});

t.test('a run that is killed before its thread was reached ends too', async (t) => {
  const pool = await openPool(t, 1);
  const { run } = running(pool, 'spin');
  run.kill('timeout');
  t.strictSame(await run.ended, { kind: 'killed', reason: 'timeout' });
  t.match(await running(pool, 'noop').run.ended, { result: { kind: 'completed' } });
});

t.test('runs that are killed while they wait for a thread to come up end too', async (t) => {
  const pool = await openPool(t, 3);
  const spin = () => running(pool, 'spin', {}, 0); // high: a thread of three is kept for it
  const first = [spin(), spin(), spin()];
  await Promise.all(first.map(({ progressed }) => progressed));
  for (const { run } of first) run.kill('timeout');
  await Promise.all(first.map(({ run }) => run.ended));
  // one spare thread stands ready; the other two wait for theirs
  const next = [spin(), spin(), spin()];
  for (const { run } of next) run.kill('timeout');
  const killed = { kind: 'killed', reason: 'timeout' };
  t.strictSame(await Promise.all(next.map(({ run }) => run.ended)), [killed, killed, killed]);
  t.equal(pool.busy, 0);
});

t.test('what a task leaves behind in its thread can kill that thread, and nothing else', async (t) => {
  const pool = await openPool(t, 2);
  const neighbour = running(pool, 'steady', { steps: 20, step_ms: 20 });
  t.match(await running(pool, 'litters').run.ended, { result: { kind: 'completed' } });
  t.match(await neighbour.run.ended, { result: { kind: 'completed', records_processed: 20 } });
  const after = [running(pool, 'noop'), running(pool, 'noop')];
  for (const { run } of after) t.match(await run.ended, { result: { kind: 'completed' } });
});

t.test('threads that cannot start crash the pool, so that its parent can give up', async (t) => {
  const settings = { DATASETS_PATH: freshFolder(t, 'datasets'), SUPERVISOR_THREADS: '1' };
  writeFileSync(path.join(settings.DATASETS_PATH, 'broken.dataset.ts'), 'export default 7;');
  const pool = new ThreadPool(loadConfig(settings), createLogger('test', 'silent'));
  t.teardown(() => pool.stop());
  const crashed = Promise.withResolvers<Error>();
  await pool.start(crashed.resolve);
  t.match((await crashed.promise).message, /must default-export a dataset declaration/);
});

t.test('the last words of a thread hold no secret and no path', async (t) => {
  const pool = await openPool(t, 1);
  const words = `${import.meta.filename} ${POOL_TOKEN}`;
  const end = await running(pool, 'rejects', { words }).run.ended;
  if (end.kind !== 'crashed') return t.fail(`it ended as ${end.kind}`);
  t.match(end.message, /test\/supervisor\/thread-pool\.test\.ts \*\*\*/);
  t.notMatch(end.message, POOL_TOKEN);
  t.notMatch(end.message, import.meta.dirname);
});

t.test('a run whose call is refused because of a pause has paused, not failed', async (t) => {
  const pool = await openPool(t, 1);
  const asked = Promise.withResolvers<void>();
  const run = pool.run({ task: poolTask('calls'), supervisor_id: 'test' }, (message) => {
    if (message.type === 'permit_wanted') asked.resolve();
  });
  await asked.promise;
  run.tell({ type: 'pause', reason: 'shutdown' });
  t.strictSame(await run.ended, { kind: 'result', result: { kind: 'paused', reason: 'shutdown' } });
});

const DEATHS = [
  { dataset: 'exits', error_type: 'thread_crashed' },
  { dataset: 'rejects', error_type: 'thread_crashed' },
  { dataset: 'hoards', error_type: 'out_of_memory' },
] as const;
for (const { dataset, error_type } of DEATHS) {
  t.test(`${dataset}: the death of a thread is classified and the pool works on`, async (t) => {
    const pool = await openPool(t, 1, 48);
    t.match(await running(pool, dataset).run.ended, { kind: 'crashed', error_type });
    t.match(await running(pool, 'noop').run.ended, { result: { kind: 'completed' } });
  });
}

t.test('a return value that is no outcome is an error of the task, not of the thread', async (t) => {
  const pool = await openPool(t, 1);
  t.match(await running(pool, 'uncloneable').run.ended, {
    result: { kind: 'error', type: 'result_invalid', retryable: false },
  });
});

t.test('a typed error keeps its type, an unknown dataset is one', async (t) => {
  const pool = await openPool(t, 1);
  t.match(await running(pool, 'fails', { type: 'network' }).run.ended, {
    result: { kind: 'error', type: 'network', retryable: true },
  });
  t.match(await running(pool, 'nobody_declared_this').run.ended, {
    result: { kind: 'error', type: 'unknown_dataset', retryable: false },
  });
});

t.test('pause reaches the task, and stop ends what still runs', async (t) => {
  const pool = await openPool(t, 2);
  const steady = running(pool, 'steady', { steps: 1000, step_ms: 10 });
  const spin = running(pool, 'spin');
  await Promise.all([steady.progressed, spin.progressed]);
  steady.run.tell({ type: 'pause', reason: 'shutdown' });
  t.strictSame(await steady.run.ended, { kind: 'result', result: { kind: 'paused', reason: 'shutdown' } });
  await pool.stop();
  t.match(await spin.run.ended, { kind: 'killed' });
  await pool.stop();
});
