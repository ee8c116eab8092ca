/** The steps to a deadline: in their order, never before their time, and none once the run has ended. */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { monotonicMs } from '../../src/clock.ts';
import { Deadline } from '../../src/supervisor/deadline.ts';

/** What was done, and when, in ms after the start; `claimed` and `killed` resolve at those steps. */
function steps(
  leftMs: number,
  timeLeft: () => Promise<number | null> = async () => null,
  asked = monotonicMs(),
) {
  const began = monotonicMs();
  const done: { step: string; at: number }[] = [];
  const [claimed, killed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const note = (step: string) => done.push({ step, at: monotonicMs() - began });
  const deadline = new Deadline(leftMs, asked, {
    observe: () => note('observe'),
    timeLeft,
    claimNext: () => {
      note('claim the next');
      claimed.resolve();
    },
    kill: () => {
      note('kill');
      killed.resolve();
    },
  });
  return { deadline, done, claimed: claimed.promise, killed: killed.promise };
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

t.test('the quickest answer of the queue counts, and not the claim that was late', async (t) => {
  const began = monotonicMs();
  const answers = [800, 60]; // with 450 and 350 ms left by what the claim said: late, quick
  const { done, killed } = steps(550, async () => answers.shift() ?? null, began - 300);
  await killed;
  const kill = done.at(-1)?.at ?? 0;
  t.ok(kill >= 310, `never before the deadline: ${kill}`);
  t.ok(kill < 540, `not as late as the claim said: ${kill}`);
});

t.test('no answer of the queue brings it before the time that the claim gave', async (t) => {
  const sent = monotonicMs() - 200;
  const { done, killed } = steps(700, async () => -3_600_000, sent);
  await killed;
  const kill = done.at(-1)?.at ?? 0;
  t.ok(kill >= 498, `the clock of Redis was set forward by an hour: ${kill}`);
  t.ok(kill < 690, `what the claim took is all it can be: ${kill}`);
});

t.test('a queue that is away or knows nothing of it changes nothing', async (t) => {
  for (const timeLeft of [async () => null, () => Promise.reject(new Error('away'))]) {
    const { done, killed } = steps(501, timeLeft, monotonicMs() - 300);
    await killed;
    t.ok((done.at(-1)?.at ?? 0) >= 501);
  }
});

t.test('a run that ends before has no more steps', async (t) => {
  const [far, near, last] = [steps(510), steps(15), steps(2)];
  far.deadline.cancel();
  near.deadline.cancel();
  await last.claimed;
  last.deadline.cancel(); // between the claim of the next and the kill
  await delay(40);
  t.same(far.done, []);
  t.same(near.done, []);
  t.same(
    last.done.map(({ step }) => step),
    ['claim the next'],
  );
});

t.test('a run that ends while the queue is asked has no more steps either', async (t) => {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<number>()];
  const { deadline, done } = steps(501, () => {
    asked.resolve();
    return answer.promise;
  });
  await asked.promise;
  deadline.cancel();
  answer.resolve(1);
  await delay(40);
  t.same(
    done.map(({ step }) => step),
    ['observe'],
  );
});
