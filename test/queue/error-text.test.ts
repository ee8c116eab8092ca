/** Error texts are bounded and valid UTF-8 (R33, D24). */
import t from 'tap';
import { boundText } from '../../src/queue/bounded-text.ts';
import { claimOne, ended, setup, submitOne } from './support.ts';

t.test('a text is cut between characters', async (t) => {
  t.equal(boundText('short', 10), 'short');
  t.equal(boundText('x'.repeat(10), 10), 'x'.repeat(10));
  t.equal(boundText('x'.repeat(11), 10), `${'x'.repeat(9)}…`);
  t.equal(boundText(`xxx${'📈'.repeat(9)}`, 9), 'xxx📈📈…', 'a pair is never cut');
  t.equal(boundText('a\uD83Db\0c', 10), 'a\uFFFDb\uFFFDc');
});

t.test('what stands in the task is at most 2,000 and 8,000 characters', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue);
  const run = await claimOne(queue);
  const error_message = `频率超限\uDC00\0${'📈'.repeat(3000)}`;
  const error_detail = 'at 日线 (daily.ts)\n'.repeat(2000);
  await queue.finish([
    ended(run, 's1', { kind: 'failed', error_type: 'internal', error_message, error_detail }),
  ]);
  const task = await queue.get(id);
  t.equal(task?.status, 'failed');
  for (const [text, length] of [
    [task?.error_message, 2000],
    [task?.error_detail, 8000],
  ] as const) {
    t.ok(text && text.length <= length && text.length >= length - 1, `${text?.length} of ${length}`);
    t.ok(text?.isWellFormed());
    t.notMatch(text, '\0');
  }
  t.ok(task?.error_message?.startsWith('频率超限'));
});

t.test('an older detail does not stand beside a newer message', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue);
  const retry = { kind: 'retry', delay_ms: 0, error_type: 'network' } as const;
  await queue.finish([
    ended(await claimOne(queue), 's1', { ...retry, error_message: 'first', error_detail: 'stack' }),
  ]);
  t.match(await queue.get(id), { error_message: 'first', error_detail: 'stack' });
  await queue.finish([ended(await claimOne(queue), 's1', { ...retry, error_message: 'second' })]);
  t.match(await queue.get(id), { error_message: 'second', error_detail: null });
});
