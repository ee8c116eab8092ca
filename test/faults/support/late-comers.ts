/**
 * The last fault of every run, and the one that is not left to chance: the event loops of those that run two tasks are
 * blocked until their threads, which live on, have met both fences of Postgres. Then they wake, and tell Redis.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Queue } from '../../../src/queue/queue.ts';
import type { Crew } from './crew.ts';
import { readRefusals } from './ledger.ts';
import { persistently } from './persistently.ts';
import { withPostgres } from './servers.ts';
import { GOES_ON, type Job } from './workload.ts';

interface Stage {
  queue: Queue;
  crew: Crew;
  postgresUrl: string;
}

/** A lease, what finds its end, and as much again: then they have not been refused, and the checks will say so. In ms. */
const BLOCKED_AT_MOST_MS = 12_000;
/** Nothing else is at work. In ms. */
const BEGUN_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** @param jobs both of makeLateComers, submitted. */
export async function blockOwners(jobs: readonly Job[], stage: Stage): Promise<void> {
  const { queue, crew, postgresUrl } = stage;
  const ids = jobs.map(({ task }) => task.task_id);
  await until(BEGUN_WITHIN_MS, async () => (await atWork(postgresUrl)) === jobs.length);
  const owners = (await persistently(() => queue.getMany(ids))).map((task) => task?.owner);
  const releases = crew.posts
    .filter(({ member }) => owners.includes(member.supervisor_id))
    .map(({ member }) => member.process.block());
  await until(BLOCKED_AT_MOST_MS, async () => {
    const refused = new Set((await readRefusals(postgresUrl)).map(({ task_id }) => task_id));
    return ids.every((id) => refused.has(id));
  });
  for (const release of releases) release();
}

/** How many of the two have come as far as they are to come before they are taken over. */
async function atWork(postgresUrl: string): Promise<number> {
  const { rowCount } = await withPostgres(postgresUrl, (client) =>
    client.query(
      'SELECT task_id FROM fault_late UNION SELECT task_id FROM fault_ledger WHERE task_id = $1 AND step > 0',
      [GOES_ON],
    ),
  );
  return Number(rowCount);
}

async function until(within_ms: number, isTrue: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + within_ms;
  while (!(await isTrue()) && performance.now() < end) await delay(LOOK_EVERY_MS);
}
