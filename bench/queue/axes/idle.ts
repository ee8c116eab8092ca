/**
 * Commands a second that an idle supervisor (worker) costs Redis, after it has worked and come to rest: those that are
 * sent, and those that Redis does for them, inside scripts too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Bench, newTask, submitAll, until } from '../bench.ts';
import { report } from '../measure.ts';

/** Longer than any pause between two commands of either side. */
const WATCHED_MS = 40_000;
/** What it did for its last task has passed by then. */
const REST_MS = 3_000;

export async function idle(bench: Bench): Promise<void> {
  await bench.supervisor();
  const [task_id = ''] = await submitAll(bench.queue, [newTask('noop', 0)]);
  await until('it has worked', 10_000, async () => (await bench.queue.get(task_id))?.status === 'completed');
  const ours = await atRest(bench);
  await bench.clear();

  const queue = new Queue('bench', { connection: { url: bench.url } });
  const worker = await bench.peer({ kind: 'handler', concurrency: 4 });
  const worked = new Promise((resolve) => worker.child.once('message', resolve));
  await queue.add('noop', {});
  await worked;
  await queue.close();
  const theirs = await atRest(bench);
  const figure = {
    unit: 'commands/s',
    peer: 'bullmq',
    target: { is: '<=', value: 1, of_peer: true } as const,
  };
  report({
    ...figure,
    axis: 'idle',
    ours: ours.sent,
    peer_value: theirs.sent,
    note: `sent by clients: ours ${ours.names}; theirs ${theirs.names}`,
  });
  report({
    ...figure,
    axis: 'idle',
    ours: ours.done,
    peer_value: theirs.done,
    note: 'done by Redis: those inside scripts too',
  });
}

/** Commands a second. MONITOR tells what clients send apart from what scripts call: the latter come from `lua`. */
async function atRest({ url }: Bench): Promise<{ sent: number; done: number; names: string }> {
  await delay(REST_MS);
  const names = new Map<string, number>();
  let inScripts = 0;
  const redis = new Redis(url);
  const monitor = await redis.monitor();
  monitor.on('monitor', (_time: string, [name = '']: string[], source: string) => {
    if (source === 'lua') inScripts += 1;
    else names.set(name.toLowerCase(), (names.get(name.toLowerCase()) ?? 0) + 1);
  });
  await delay(WATCHED_MS);
  monitor.disconnect();
  redis.disconnect();
  const sent = [...names.values()].reduce((sum, count) => sum + count, 0);
  return {
    sent: (sent / WATCHED_MS) * 1000,
    done: ((sent + inScripts) / WATCHED_MS) * 1000,
    names: [...names].map(([name, count]) => `${count} ${name}`).join(', '),
  };
}
