/** The job type lock that is taken with the claim and released with the finish (lua/shared/lock.lua). */
import t from 'tap';
import { COMPLETED, ended, newTask, setup } from './support.ts';

const LOCK = '{stock}:lock:daily.full';
const task = newTask({ dataset: 'daily', mode: 'full', job_type: 'daily.full' });
const claimOf = (supervisor_id: string, lock: string, lease_ms = 4_000) => ({
  supervisor_id,
  free: 1,
  lease_ms,
  lock,
});

t.test(
  'it is taken in the step of the claim, for as long as the lease, and released by the finish',
  async (t) => {
    const { queue, redis } = await setup(t);
    await queue.submit([task]);
    const [run] = await queue.claim(claimOf('s1', 'mine'));
    if (!run) return t.fail('a claim expected');
    t.equal(run.locked, true);
    t.equal(await redis.get(LOCK), 'mine');
    const life = await redis.pttl(LOCK);
    t.ok(life > 0 && life <= 4_000, 'it ends with the lease');
    await queue.finish([{ ...ended(run, 's1', COMPLETED), lock: 'mine' }]);
    t.equal(await redis.exists(LOCK), 0);
  },
);

t.test(
  'somebody else has it: the claim says so, and neither the claim nor its finish touches it',
  async (t) => {
    const { queue, redis } = await setup(t);
    await queue.submit([task]);
    await redis.set(LOCK, 'theirs', 'PX', 60_000);
    const [run] = await queue.claim(claimOf('s1', 'mine'));
    if (!run) return t.fail('a claim expected');
    t.equal(run.locked, false, 'to be asked for, which hands the task back');
    t.equal(await redis.get(LOCK), 'theirs');
    await queue.finish([{ ...ended(run, 's1', COMPLETED), lock: 'mine' }]);
    t.equal(await redis.get(LOCK), 'theirs');
  },
);

t.test('a finish that comes too late is refused, and gives up what is still its own', async (t) => {
  const { queue, redis } = await setup(t);
  await queue.submit([task]);
  const [lost] = await queue.claim(claimOf('s1', 'lost', 1));
  if (!lost) return t.fail('a claim expected');
  while ((await queue.reap()).taken.length === 0);
  while ((await redis.exists(LOCK)) === 1);
  const [run] = await queue.claim(claimOf('s2', 'mine'));
  t.match(run, { task_id: lost.task_id, locked: true });
  const late = await queue.finish([{ ...ended(lost, 's1', COMPLETED), lock: 'lost' }]);
  t.match(late.results, [{ result: 'not_owner' }]);
  t.equal(await redis.get(LOCK), 'mine', 'the lock of its successor stays');
  const own = await queue.finish([{ ...ended(lost, 's1', COMPLETED), lock: 'mine' }]);
  t.match(own.results, [{ result: 'not_owner' }]);
  t.equal(await redis.exists(LOCK), 0, 'its value decides, not the claim: its thread has left');
});

t.test('where the locks stand elsewhere, none is taken', async (t) => {
  const { queue, redis } = await setup(t);
  await queue.submit([task]);
  t.match(await queue.claim(claimOf('s1', '')), [{ locked: false }]);
  t.equal(await redis.exists(LOCK), 0);
});
