/** The steps to a deadline: in their order, never before their time, and none once the run has ended. */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { monotonicMs } from '../../src/clock.ts';
import { Deadline } from '../../src/supervisor/deadline.ts';

/** Resolves at the kill with what was done, and when, in ms after the start. */
function steps(leftMs: number) {
  const began = monotonicMs();
  const done: { step: string; at: number }[] = [];
  const killed = Promise.withResolvers<void>();
  const note = (step: string) => done.push({ step, at: monotonicMs() - began });
  const deadline = new Deadline(leftMs, {
    observe: () => note('observe'),
    claimNext: () => note('claim the next'),
    kill: () => {
      note('kill');
      killed.resolve();
    },
  });
  return { deadline, done, killed: killed.promise };
}

t.test('observed, the next one claimed, killed', async (t) => {
  const { done, killed } = steps(700.5);
  await killed;
  t.same(
    done.map(({ step }) => step),
    ['observe', 'claim the next', 'kill'],
  );
  const [observed = 0, claimed = 0, kill = 0] = done.map(({ at }) => at);
  t.ok(observed >= 199 && claimed >= 689, `not long before their time: ${observed}, ${claimed}`);
  t.ok(kill >= 700.5, `never before the deadline: ${kill}`);
});

for (const leftMs of [300, 4, 0, -5]) {
  t.test(`${leftMs} ms left: too short for a look`, async (t) => {
    const { done, killed } = steps(leftMs);
    await killed;
    t.same(
      done.map(({ step }) => step),
      ['claim the next', 'kill'],
    );
    t.ok((done[1]?.at ?? 0) >= leftMs);
  });
}

t.test('a run that ends before has no more steps', async (t) => {
  const [far, near, last] = [steps(510), steps(15), steps(2)];
  far.deadline.cancel();
  near.deadline.cancel();
  while (last.done.length === 0) await delay(0);
  last.deadline.cancel(); // between the claim of the next and the kill
  await delay(40);
  t.same(far.done, []);
  t.same(near.done, []);
  t.same(
    last.done.map(({ step }) => step),
    ['claim the next'],
  );
});
