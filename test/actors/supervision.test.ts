import t from 'tap';
import { Actor } from '../../src/actors/actor.ts';
import type { Crash, Service } from '../../src/actors/service.ts';
import { MAX_RESTARTS, Supervision } from '../../src/actors/supervision.ts';
import { createLogger } from '../../src/log.ts';

const log = createLogger('test', 'silent');

/** A service that crashes when told to, and says when it was started or stopped. */
class Glass implements Service {
  readonly name: string;
  starts = 0;
  #events: string[];
  #crash: Crash | undefined;
  #started: (() => void) | undefined;

  constructor(name: string, events: string[]) {
    this.name = name;
    this.#events = events;
  }

  async start(crash: Crash): Promise<void> {
    this.starts++;
    this.#crash = crash;
    this.#events.push(`start ${this.name}`);
    this.#started?.();
  }

  async stop(): Promise<void> {
    this.#events.push(`stop ${this.name}`);
  }

  breaks(): void {
    this.#crash?.(new Error(`${this.name} broke`));
  }

  startedAgain(): Promise<void> {
    return new Promise((resolve) => {
      this.#started = resolve;
    });
  }
}

t.test('children start in order and stop in the reverse one', async (t) => {
  const events: string[] = [];
  const root = new Supervision('root', [new Glass('a', events), new Glass('b', events)], log);
  await root.start(() => t.fail('must not crash'));
  await root.stop();
  t.strictSame(events, ['start a', 'start b', 'stop b', 'stop a']);
});

t.test('a crashed child starts again alone', async (t) => {
  const events: string[] = [];
  const [a, b] = [new Glass('a', events), new Glass('b', events)];
  const root = new Supervision('root', [a, b], log);
  t.teardown(() => root.stop());
  await root.start(() => t.fail('must not crash'));
  const again = b.startedAgain();
  b.breaks();
  await again;
  t.equal(b.starts, 2);
  t.equal(a.starts, 1, 'its neighbour is not touched');
});

t.test('a child past its intensity crashes the parent', async (t) => {
  const child = new Glass('a', []);
  const root = new Supervision('root', [child], log);
  t.teardown(() => root.stop());
  const crashed = new Promise<Error>((resolve) => {
    void root.start(resolve);
  });
  for (let crash = 0; crash < MAX_RESTARTS; crash++) {
    const again = child.startedAgain();
    child.breaks();
    await again;
  }
  child.breaks();
  t.match((await crashed).message, /a crashed 6 times in 30 s, last: a broke/);
});

t.test('a child that crashes while its parent stops is not started again', async (t) => {
  const child = new Glass('a', []);
  const root = new Supervision('root', [child], log);
  await root.start(() => t.fail('must not crash'));
  child.breaks();
  await root.stop();
  t.equal(child.starts, 1);
});

class Counter extends Actor<number> {
  readonly name = 'counter';
  readonly seen: number[] = [];
  inside = 0;

  protected override async handle(message: number): Promise<void> {
    this.inside++;
    if (this.inside > 1) throw new Error('two messages at once');
    await new Promise((resolve) => setImmediate(resolve));
    if (message < 0) throw new Error(`can't count ${message}`);
    this.seen.push(message);
    this.inside--;
  }
}

t.test('an actor handles its messages one at a time and in order', async (t) => {
  const actor = new Counter();
  await actor.start((error) => t.fail(error.message));
  for (const n of [1, 2, 3]) actor.tell(n);
  while (actor.seen.length < 3) await new Promise((resolve) => setImmediate(resolve));
  t.strictSame(actor.seen, [1, 2, 3]);
  await actor.stop();
  await actor.stop();
  actor.tell(4);
  t.strictSame(actor.seen, [1, 2, 3], 'a stopped actor hears nothing');
});

t.test('an actor whose message throws crashes once and drops the rest', async (t) => {
  const actor = new Counter();
  const crashes: Error[] = [];
  const crashed = Promise.withResolvers<void>();
  await actor.start((error) => {
    crashes.push(error);
    crashed.resolve();
  });
  for (const n of [1, -1, 2]) actor.tell(n);
  await crashed.promise;
  await actor.stop();
  t.strictSame(actor.seen, [1]);
  t.equal(crashes.length, 1);
  t.match(crashes[0]?.message, /can't count -1/);
});

/** Tells itself the next lower number while it handles one. */
class Countdown extends Counter {
  protected override async handle(message: number): Promise<void> {
    if (message > 0) this.tell(message - 1);
    await super.handle(message);
  }
}

t.test('what a message tells its own actor waits until that message is handled', async (t) => {
  const actor = new Countdown();
  await actor.start((error) => t.fail(error.message));
  actor.tell(2);
  while (actor.seen.length < 3) await new Promise((resolve) => setImmediate(resolve));
  t.strictSame(actor.seen, [2, 1, 0]);
  await actor.stop();
});

t.test('a parent that was stopped and started again restarts its children with a pause', async (t) => {
  const child = new Glass('child', []);
  const root = new Supervision('root', [child], log);
  t.teardown(() => root.stop());
  await root.start(() => t.fail('must not crash'));
  await root.stop();
  await root.start(() => t.fail('must not crash'));
  const again = child.startedAgain();
  const broke = performance.now();
  child.breaks();
  await again;
  t.ok(performance.now() - broke >= 90);
});
