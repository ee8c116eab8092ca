/** Tasks that stand in line at a thread: begun in order and one at a time, or taken back for certain. */
import { EventEmitter, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { BroadcastChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import t, { type Test } from 'tap';
import type { Priority } from '../../src/queue/task.ts';
import { BeginCells } from '../../src/supervisor/begin-cells.ts';
import { ClaimAhead } from '../../src/supervisor/claim-ahead.ts';
import { openPatientPool, openPool, running, untilSaid } from './support/pool.ts';

t.test('they run one after another, and each hears and says what is its own', async (t) => {
  const pool = await openPatientPool(t, 1);
  const first = running(pool, 'steady', { steps: 2, step_ms: 5 });
  const second = running(pool, 'steady', { steps: 3, step_ms: 5 });
  const ended: string[] = [];
  void first.run.ended.then(() => ended.push('first'));
  void second.run.ended.then(() => ended.push('second'));
  t.match(await first.run.ended, { result: { kind: 'completed', records_processed: 2 } });
  first.run.tell({ type: 'pause', reason: 'too late for the first, and nothing to the second' });
  first.run.kill('the same');
  t.match(await second.run.ended, { result: { kind: 'completed', records_processed: 3 } });
  t.same(ended, ['first', 'second']);
  t.equal(first.heard.filter(({ type }) => type === 'checkpoint').length, 2);
  t.equal(second.heard.filter(({ type }) => type === 'checkpoint').length, 3);
});

t.test('whoever waits in vain goes back, and is not begun when the thread comes free', async (t) => {
  const pool = await openPool(t, 1);
  const slow = running(pool, 'steady', { steps: 1, step_ms: 400 });
  const behind = running(pool, 'steady', { steps: 1, step_ms: 1 });
  t.strictSame(await behind.run.ended, { kind: 'killed', reason: 'no thread came free in time' });
  t.match(await slow.run.ended, { result: { kind: 'completed' } });
  t.match(await running(pool, 'noop').run.ended, { result: { kind: 'completed' } });
  t.strictSame(behind.heard, [], 'it has said nothing: it never ran');
});

t.test('whoever has not waited for so long stays in line', async (t) => {
  const pool = await openPool(t, 1, 256, 1_000);
  const spin = running(pool, 'spin');
  await spin.progressed;
  const older = running(pool, 'noop');
  await delay(900);
  const younger = running(pool, 'noop');
  t.match(await older.run.ended, { kind: 'killed', reason: 'no thread came free in time' });
  spin.run.kill('timeout');
  t.match(await younger.run.ended, { result: { kind: 'completed' } });
});

t.test('a pause or a kill in line is no kill of the thread', async (t) => {
  const pool = await openPatientPool(t, 1);
  const slow = running(pool, 'steady', { steps: 3, step_ms: 15 });
  await slow.progressed;
  const [paused, killed] = [running(pool, 'spin'), running(pool, 'spin')];
  paused.run.withdraw('shutdown');
  killed.run.kill('cancelled');
  t.strictSame(await paused.run.ended, { kind: 'killed', reason: 'shutdown' });
  t.strictSame(await killed.run.ended, { kind: 'killed', reason: 'cancelled' });
  slow.run.withdraw('it has begun: this changes nothing');
  t.match(await slow.run.ended, { result: { kind: 'completed', records_processed: 3 } });
  t.equal(pool.killed, 0);
});

t.test('the kill of the one that runs takes those behind it to other threads, in order', async (t) => {
  const pool = await openPatientPool(t, 1);
  const spin = running(pool, 'spin');
  await spin.progressed;
  const behind = [1, 2].map((steps) => running(pool, 'steady', { steps, step_ms: 5 }));
  const ended: number[] = [];
  for (const [i, { run }] of behind.entries()) void run.ended.then(() => ended.push(i));
  spin.run.kill('timeout');
  t.strictSame(await spin.run.ended, { kind: 'killed', reason: 'timeout' });
  for (const [i, { run }] of behind.entries()) {
    t.match(await run.ended, { result: { kind: 'completed', records_processed: i + 1 } });
  }
  t.same(ended, [0, 1]);
  t.equal(pool.killed, 1);
});

t.test('a kill that comes when the one behind has begun does not reach that one', async (t) => {
  const pool = await openPatientPool(t, 1);
  const channel = new BroadcastChannel('dayline:test:loads');
  t.teardown(() => channel.close());
  const [first, second, third] = [
    running(pool, 'steady', { steps: 1, step_ms: 1 }),
    running(pool, 'loads', { ms: 300 }),
    running(pool, 'noop'),
  ];
  await delay(0); // until they are said
  const port = channel as unknown as MessagePort; // Node takes both
  // The event loop stands still, so that nothing is heard of the end of the first one.
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let naps = 0; naps < 2_000 && !receiveMessageOnPort(port); naps++) Atomics.wait(nap, 0, 0, 5);
  first.run.kill('timeout');
  t.match(await first.run.ended, { result: { kind: 'completed' } });
  t.match(await second.run.ended, { result: { kind: 'completed' } });
  t.match(await third.run.ended, { result: { kind: 'completed' } });
  t.equal(pool.killed, 0);
});

t.test('one that moved to another thread hears and is killed there', async (t) => {
  const pool = await openPatientPool(t, 1);
  const first = running(pool, 'spin');
  await first.progressed;
  const [second, third] = [running(pool, 'calls'), running(pool, 'spin')];
  first.run.kill('timeout');
  await untilSaid(second, 'permit_wanted');
  second.run.tell({ type: 'pause', reason: 'shutdown' });
  t.match(await second.run.ended, { result: { kind: 'paused', reason: 'shutdown' } });
  await third.progressed;
  third.run.kill('cancelled');
  t.strictSame(await third.run.ended, { kind: 'killed', reason: 'cancelled' });
  t.equal(pool.killed, 2);
});

t.test('the death of the thread takes them to other threads too', async (t) => {
  const pool = await openPatientPool(t, 1);
  const exits = running(pool, 'exits');
  const behind = running(pool, 'steady', { steps: 2, step_ms: 5 });
  t.match(await exits.run.ended, { kind: 'crashed', error_type: 'thread_crashed' });
  t.match(await behind.run.ended, { result: { kind: 'completed', records_processed: 2 } });
});

t.test('a pool that stops ends those in line', async (t) => {
  const pool = await openPatientPool(t, 1);
  const spin = running(pool, 'spin');
  await spin.progressed;
  const behind = running(pool, 'noop');
  await pool.stop();
  t.match(await spin.run.ended, { kind: 'killed' });
  t.match(await behind.run.ended, { kind: 'killed' });
});

t.test(
  'whose end is near has the next one behind it, not the spare, and not a thread that stays',
  async (t) => {
    const pool = await openPatientPool(t, 2);
    const stays = running(pool, 'spin');
    await stays.progressed;
    const steady = running(pool, 'steady', { steps: 2, step_ms: 100 });
    await steady.progressed;
    steady.run.endsSoon();
    const next = running(pool, 'steady', { steps: 1, step_ms: 1 });
    t.match(await steady.run.ended, { result: { kind: 'completed' } });
    t.strictSame(next.heard, [], 'it began when the one before it had ended');
    t.match(await next.run.ended, { result: { kind: 'completed' } });
  },
);

t.test('a kill that is near makes the spare bring in the code that ran here', async (t) => {
  const pool = await openPatientPool(t, 1);
  const loads = countLoads(t);
  await running(pool, 'loads').run.ended;
  const spin = running(pool, 'spin');
  await spin.progressed;
  spin.run.observe();
  await loads.reached(2);
  spin.run.kill('timeout');
  t.match(await running(pool, 'loads').run.ended, { result: { kind: 'completed' } });
  await running(pool, 'noop').run.ended;
  t.equal(loads.count, 2, 'the thread that took its place had it');
});

t.test('two kills that are near find two threads that have booted, with that code', async (t) => {
  const pool = await openPatientPool(t, 2);
  const loads = countLoads(t);
  await running(pool, 'loads').run.ended;
  const spins = [running(pool, 'spin'), running(pool, 'spin')];
  await Promise.all(spins.map(({ progressed }) => progressed));
  for (const { run } of spins) run.observe();
  await loads.reached(3);
  for (const { run } of spins) run.kill('timeout');
  const next = [running(pool, 'loads'), running(pool, 'loads')];
  for (const { run } of next) t.match(await run.ended, { result: { kind: 'completed' } });
  t.equal(loads.count, 3, 'no thread had to boot for them');
});

t.test('threads for kills that did not come leave, and one stays', async (t) => {
  const pool = await openPatientPool(t, 3);
  const long = { steps: 100, step_ms: 10 };
  const near = [0, 1, 0].map((priority) => running(pool, 'steady', long, priority as Priority));
  await Promise.all(near.map(({ progressed }) => progressed));
  const before = readdirSync('/proc/self/task').length;
  for (const { run } of near) run.observe();
  const most = readdirSync('/proc/self/task').length;
  t.ok(most >= before + 2, `beside the spare two more boot: ${before}, ${most}`);
  for (const { run } of near) t.match(await run.ended, { result: { kind: 'completed' } });
  for (let looks = 0; looks < 1_000 && readdirSync('/proc/self/task').length > before; looks++)
    await delay(5);
  t.equal(readdirSync('/proc/self/task').length, before);
  t.equal(pool.killed, 0);
  for (const { run } of [running(pool, 'noop'), running(pool, 'noop')]) {
    t.match(await run.ended, { result: { kind: 'completed' } });
  }
});

t.test('of three threads and more, one is kept for high priority', async (t) => {
  const pool = await openPool(t, 3);
  const spins = [running(pool, 'spin'), running(pool, 'spin')];
  await Promise.all(spins.map(({ progressed }) => progressed));
  const third = running(pool, 'noop');
  t.match(await running(pool, 'noop', {}, 0).run.ended, { result: { kind: 'completed' } }, 'it has a thread');
  t.match(await third.run.ended, { kind: 'killed' }, 'one of normal priority waits in vain');
});

t.test(
  'a task of high priority that runs uses the thread that is kept for it, and none of the others',
  async (t) => {
    const pool = await openPool(t, 3);
    const high = running(pool, 'spin', {}, 0);
    await high.progressed;
    const others = [running(pool, 'spin'), running(pool, 'spin')];
    await Promise.all(others.map(({ progressed }) => progressed));
    const more = running(pool, 'noop');
    t.match(
      await more.run.ended,
      { kind: 'killed', reason: 'no thread came free in time' },
      'and then it is full',
    );
  },
);

t.test('a run begins or is taken back: one of the two, and once', async (t) => {
  const ours = new BeginCells();
  const theirs = new BeginCells(ours.shared);
  ours.wait(1);
  t.ok(theirs.begin(1));
  t.notOk(ours.withdraw(1), 'it has begun');
  ours.wait(2);
  t.ok(ours.withdraw(2));
  t.notOk(theirs.begin(2), 'it was taken back');
  const later = 2 + 256; // the same cell
  ours.wait(later);
  t.notOk(theirs.begin(2), 'a cell that is used again is not its own any more');
  t.ok(theirs.begin(later));
});

t.test('tasks are claimed ahead only while they have shown to be short', async (t) => {
  const ahead = new ClaimAhead();
  t.equal(ahead.ofAThread, 0, 'nothing is known: as many as there are threads');
  for (let i = 0; i < 100; i++) ahead.took(0.1);
  t.equal(ahead.ofAThread, 32, 'short ones');
  for (let i = 0; i < 100; i++) ahead.took(5);
  t.equal(ahead.ofAThread, 3, 'of 5 ms: 20 ms of work');
  ahead.tooMuch();
  t.equal(ahead.ofAThread, 0, 'one waited in vain: no more of that');
});

/** How often a thread has brought in the code of `loads`. */
function countLoads(t: Test) {
  const channel = new BroadcastChannel('dayline:test:loads');
  t.teardown(() => channel.close());
  const events = new EventEmitter();
  const loads = {
    count: 0,
    async reached(count: number) {
      while (loads.count < count) await once(events, 'load');
    },
  };
  channel.onmessage = () => {
    loads.count += 1;
    events.emit('load');
  };
  return loads;
}
