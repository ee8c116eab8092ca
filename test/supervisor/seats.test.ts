/** Who sits in the threads: the line, the thread for high priority, and what is claimed ahead. */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { Seats } from '../../src/supervisor/seats.ts';

const sitter = (priority = 1) => ({ task: { priority } });

t.test('a line is served in the order of asking, high priority first', async (t) => {
  const seats = new Seats(1);
  const sitting = sitter();
  t.ok(await seats.take(sitting));
  const served: string[] = [];
  const ask = (name: string, priority: number) => {
    const asks = sitter(priority);
    void seats.take(asks).then((got) => {
      served.push(`${name} ${got}`);
      seats.leave(asks);
    });
  };
  ask('first', 1);
  ask('second', 2);
  ask('urgent', 0);
  seats.leave(sitting);
  await delay(1);
  t.same(served, ['urgent true', 'first true', 'second true']);
});

t.test('of three threads and more, one is kept for high priority', async (t) => {
  const seats = new Seats(3);
  await seats.take(sitter());
  await seats.take(sitter());
  let third: boolean | undefined;
  void seats.take(sitter()).then((got) => {
    third = got;
  });
  t.ok(await seats.take(sitter(0)), 'a task of high priority has the thread at once');
  t.equal(third, undefined, 'one of normal priority waits');
});

t.test('whoever stands in line for too long, or gives up, has no seat', async (t) => {
  const seats = new Seats(1);
  await seats.take(sitter());
  const leaves = sitter();
  const left = seats.take(leaves);
  seats.giveUp(leaves);
  t.notOk(await left, 'it gave up');
  t.notOk(await seats.take(sitter()), 'nobody left the thread in time');
});

t.test('tasks are claimed ahead only while they have shown to be short', async (t) => {
  const seats = new Seats(2);
  const run = async (ms: number) => {
    const runs = sitter();
    await seats.take(runs);
    if (ms > 0) await delay(ms);
    seats.leave(runs);
  };
  t.equal(seats.ahead, 0, 'nothing is known: as many as there are threads');
  for (let i = 0; i < 100; i++) await run(0);
  t.equal(seats.ahead, 64, 'short ones: 32 a thread');
  const sitting = [sitter(), sitter()];
  for (const sits of sitting) await seats.take(sits);
  t.notOk(await seats.take(sitter()));
  t.equal(seats.ahead, 0, 'one that was claimed ahead waited in vain: no more of that');
});
