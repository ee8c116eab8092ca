/** A run that was given to somebody else comes back late: is its finish taken, is its checkpoint taken? */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import type { ClaimedTask } from '../../../src/queue/task.ts';
import { type Bench, newTask, until } from '../bench.ts';
import { report } from '../measure.ts';

type Verdict = 'accepted' | 'refused';

export async function zombie(bench: Bench): Promise<void> {
  const ours = await oursOnce(bench);
  const theirs = await peerOnce(bench);
  for (const what of ['finish', 'checkpoint'] as const) {
    report({
      axis: 'zombie',
      ours: ours[what],
      unit: `late ${what}`,
      peer: 'bullmq',
      peer_value: theirs[what],
      ok: ours[what] === 'refused',
      note: 'in Redis; the fence in Postgres is held by test/sync/fence.test.ts',
    });
  }
}

async function oursOnce({ queue }: Bench): Promise<Record<'finish' | 'checkpoint', Verdict>> {
  const claim = async (supervisor_id: string, lease_ms: number) =>
    (await queue.claim({ supervisor_id, free: 1, lease_ms }))[0] as ClaimedTask;
  await queue.submit([newTask('noop', 0)]);
  const { task_id, fence } = await claim('zombie', 1);
  await until('its lease has ended', 5_000, async () => (await queue.reap()).taken.length === 1);
  await claim('heir', 60_000);
  const run = { task_id, fence, supervisor_id: 'zombie' };
  const checkpoint = await queue.checkpoint(run);
  const { results } = await queue.finish([{ ...run, outcome: { kind: 'completed', records_processed: 1 } }]);
  return {
    finish: results[0]?.result === 'done' ? 'accepted' : 'refused',
    checkpoint: checkpoint ? 'accepted' : 'refused',
  };
}

async function peerOnce(bench: Bench): Promise<Record<'finish' | 'checkpoint', Verdict>> {
  const connection = { url: bench.url };
  const queue = new Queue('zombie', { connection });
  const settings = { connection, lockDuration: 100, stalledInterval: 100, autorun: false };
  const worker = new Worker('zombie', null, settings);
  await queue.add('noop', { step: 0 });
  const first = await worker.getNextJob('zombie');
  await delay(200); // its lock ends
  await worker.startStalledCheckTimer();
  let second: Awaited<ReturnType<typeof worker.getNextJob>>;
  await until('the job is given to another', 10_000, async () => {
    second = await worker.getNextJob('heir');
    return second !== undefined;
  });
  const taken = (write: Promise<unknown> | undefined) =>
    (write ?? Promise.reject(new Error('there was no job'))).then(
      (): Verdict => 'accepted',
      (): Verdict => 'refused',
    );
  const checkpoint = await taken(first?.updateData({ step: 'of the zombie' }));
  const finish = await taken(first?.moveToCompleted('of the zombie', 'zombie', false));
  await worker.close(true);
  await queue.close();
  return { finish, checkpoint };
}
