/** Submissions a second by one producer process: awaited one by one, 100 in flight, and 1,000 in one call. */
import { Queue } from 'bullmq';
import { type Bench, newTask } from '../bench.ts';
import { median, nowMs, quiet, ROUNDS, report } from '../measure.ts';

/** Of each kind, in one round: half a second or so. */
const ONE_BY_ONE = 2_000;
const IN_FLIGHT = 15_000;
const BULKS = 15;
const BULK = 1_000;
const PARAMS = { trade_date: '20190102' };

interface Producer {
  one(i: number): Promise<unknown>;
  bulk(): Promise<unknown>;
}

export async function enqueue(bench: Bench): Promise<void> {
  const peer = new Queue('bench', { connection: { url: bench.url } });
  await peer.waitUntilReady();
  const ours = rates(bench, {
    one: (i) => bench.queue.submit([newTask('noop', i % 100, { params: PARAMS })]),
    bulk: () =>
      bench.queue.submit(
        Array.from({ length: BULK }, (_, i) => newTask('noop', i % 100, { params: PARAMS })),
      ),
  });
  const theirs = rates(bench, {
    one: () => peer.add('noop', PARAMS),
    bulk: () => peer.addBulk(Array.from({ length: BULK }, () => ({ name: 'noop', data: PARAMS }))),
  });
  const figures: Record<Way, { ours: number[]; theirs: number[] }> = {
    'one by one': { ours: [], theirs: [] },
    '100 in flight': { ours: [], theirs: [] },
    'bulk of 1000': { ours: [], theirs: [] },
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of WAYS) {
      figures[way].ours.push(await ours(way));
      figures[way].theirs.push(await theirs(way));
    }
  }
  await peer.close();
  for (const way of WAYS) {
    report({
      axis: 'enqueue',
      ours: median(figures[way].ours),
      unit: 'tasks/s',
      peer: 'bullmq',
      peer_value: median(figures[way].theirs),
      target: { is: '>=', value: 1, of_peer: true },
      note: way,
    });
  }
}

const WAYS = ['one by one', '100 in flight', 'bulk of 1000'] as const;
type Way = (typeof WAYS)[number];

/** @returns measures one round of a way, on an empty Redis; the rate a second */
function rates(bench: Bench, producer: Producer): (way: Way) => Promise<number> {
  const once: Record<Way, () => Promise<number>> = {
    'one by one': () => timed(ONE_BY_ONE, 1, (i) => producer.one(i)),
    '100 in flight': () => timed(IN_FLIGHT, 100, (i) => producer.one(i)),
    'bulk of 1000': async () => BULK * (await timed(BULKS, 1, () => producer.bulk())),
  };
  return async (way) => {
    await bench.redis.flushall();
    await producer.one(0); // the script is loaded
    await quiet();
    return await once[way]();
  };
}

/** Calls a second, so many in flight. */
async function timed(
  calls: number,
  inFlight: number,
  call: (i: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const start = nowMs();
  const lane = async () => {
    while (next < calls) await call(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (calls / (nowMs() - start)) * 1000;
}
