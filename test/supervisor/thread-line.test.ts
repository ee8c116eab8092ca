import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import t, { type Test } from 'tap';
import type { FromThread, ToTask } from '../../src/supervisor/line.ts';
import { ThreadLine } from '../../workers/thread-line.ts';

/** A thread's line whose other end the test holds. */
function openLine(t: Test) {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const line = new ThreadLine((message) => theirs.postMessage(message));
  theirs.on('message', (message: ToTask) => line.hear(message));
  t.teardown(() => ours.close());
  return {
    line,
    tell: (message: ToTask) => ours.postMessage(message),
    async hears(type: FromThread['type']): Promise<FromThread> {
      for (;;) {
        const [message] = (await once(ours, 'message')) as [FromThread];
        if (message.type === type) return message;
      }
    },
  };
}

t.test('a long wait for a permit is told with the progress that stands still', async (t) => {
  const { line, tell, hears } = openLine(t);
  line.progress(0.5, 1_200, '3 of 6 units stored');
  t.match(await hears('progress'), { progress: 50, message: '3 of 6 units stored' });
  const permit = line.acquire('daily');
  t.match(await hears('progress'), {
    progress: 50,
    records_processed: 1_200,
    message: '3 of 6 units stored; waiting for the call window',
  });
  tell({ type: 'permit_granted', request: 1, use_by: 7 });
  t.equal((await permit).use_by, 7);
  line.progress(0.6, 1_400, '4 of 6 units stored');
  t.match(await hears('progress'), { message: '4 of 6 units stored' });
});

t.test('a run that has done everything is at 99 %: the queue makes it 100 when it ends', async (t) => {
  const { line, hears } = openLine(t);
  line.progress(1, 1_200, null);
  t.match(await hears('progress'), { progress: 99, records_processed: 1_200 });
});

t.test('who gives up waiting says so, and a grant that crosses it is nobody’s', async (t) => {
  const { line, tell, hears } = openLine(t);
  const givenUp = new AbortController();
  const permit = line.acquire('daily', { signal: givenUp.signal });
  await hears('permit_wanted');
  givenUp.abort(new Error('no longer'));
  await t.rejects(permit, { message: 'no longer' });
  t.match(await hears('permit_unwanted'), { request: 1 });
  tell({ type: 'permit_granted', request: 1, use_by: 7 });
  const next = line.acquire('daily');
  t.match(await hears('permit_wanted'), { request: 2 });
  tell({ type: 'permit_closed', request: 2, until: 9, reason: 'closed' });
  await t.rejects(next, { name: 'WindowClosed', until: 9 });
});
