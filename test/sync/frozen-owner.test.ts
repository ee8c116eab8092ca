import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { bench, daily, smallMarket } from './support.ts';

const PARAMS = { start_date: '20190107', end_date: '20190118' };
const FROZEN = fileURLToPath(new URL('../fixtures/frozen-owner.ts', import.meta.url));

/** Design § 4: a successor is held up no longer than this. */
const HELD_UP_MS = 2_000;

for (const where of ['inside its transaction', 'in the middle of a COPY'])
  t.test(`an owner that was stopped ${where} neither blocks its successor nor writes late`, async (t) => {
    const here = await bench(t);
    const { codes, open } = await smallMarket(here, 50);
    let firstCall = 0;
    here.answers = (request) => {
      firstCall ||= performance.now();
      return daily(codes, open, request);
    };
    const frozen = spawn(
      process.execPath,
      [FROZEN, here.config.DATABASE_URL, where.endsWith('COPY') ? 'copy' : 'transaction'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = once(frozen, 'exit');
    t.teardown(() => frozen.kill('SIGKILL'));
    await once(frozen.stdout, 'data');
    frozen.kill('SIGSTOP');

    const began = performance.now();
    await here.run({ task_id: 'successor', fence: 2, params: PARAMS });
    t.ok(firstCall - began < HELD_UP_MS, `it began to fetch after ${Math.round(firstCall - began)} ms`);
    t.same(await here.rows('SELECT count(*) AS n FROM daily'), [{ n: 500 }]);

    frozen.kill('SIGCONT');
    t.same(await gone, [3, null], 'its own next statement fails');
    t.same(await here.rows('SELECT count(*) AS n FROM daily'), [{ n: 500 }]);
    t.match(await here.rows('SELECT fence, task_id FROM job_fences'), [{ fence: 2, task_id: 'successor' }]);
  });
