/** Progress moves, never falls, and stays within 0..100 (R34). */
import t from 'tap';
import { COMPLETED, claimOne, ended, setup, submitOne } from './support.ts';

t.test('progress and records never fall while the task runs', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue);
  const run = { ...(await claimOne(queue)), supervisor_id: 's1' };
  const seen: unknown[] = [];
  const tell = async (progress: number, records: number, message: string | null) => {
    t.equal(await queue.progress(run, progress, records, message), true);
    const task = await queue.get(id);
    seen.push([task?.progress, task?.records_processed, task?.progress_message]);
  };
  await tell(-5, 0, null);
  await tell(33.39, 1000, '20190104');
  await tell(12, 500, null);
  await tell(250, 2000, 'x'.repeat(600));
  t.strictSame(seen, [
    [0, 0, null],
    [33.3, 1000, '20190104'],
    [33.3, 1000, '20190104'],
    [100, 2000, `${'x'.repeat(499)}…`],
  ]);
  const before = (await queue.get(id))?.updated_at as number;
  await queue.finish([ended(run, 's1', COMPLETED)]);
  const done = await queue.get(id);
  t.match(
    done,
    { progress: 100, records_processed: 7, status: 'completed' },
    'the outcome has the last word',
  );
  t.ok((done?.updated_at as number) >= before);
});
