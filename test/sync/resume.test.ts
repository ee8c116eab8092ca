import t from 'tap';
import { WindowClosed } from '../../src/limits/permit.ts';
import type { RunContext } from '../../src/sync/context.ts';
import { type Bench, bench, dailyBasic, smallMarket } from './support.ts';

const HISTORY = { dataset: 'daily_basic', params: { start_date: '20190107', end_date: '20190118' } };

/** 10 open days: one unit a day. One call in flight, so that the order is known. */
async function tenUnits(t: Parameters<typeof bench>[0], inFlight = '1') {
  const here = await bench(t, { SYNC_CALLS_IN_FLIGHT: inFlight, SYNC_DAILY_HISTORY_BATCH_SIZE: '2' });
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => dailyBasic(codes, open, request);
  return { here, open, rows: codes.length * open.length };
}

async function checkWhole(t: Parameters<typeof bench>[0], here: Bench, rows: number): Promise<void> {
  t.same(await here.rows('SELECT count(*) AS rows FROM daily_basic'), [{ rows }]);
  t.match(await here.rows('SELECT status, current_offset, total_processed FROM sync_tasks'), [
    { status: 'COMPLETED', current_offset: 10, total_processed: rows },
  ]);
}

const askedDays = (here: Bench) => here.requests.map((request) => request.params.trade_date).sort();

t.test('a paused run goes on with the next unit, and fetches none twice', async (t) => {
  const { here, open, rows } = await tenUnits(t, '3');
  const pause = new AbortController();
  const whole = here.answers;
  here.answers = (request) => {
    if (here.requests.length === 5) pause.abort('the supervisor is going down');
    return whole(request);
  };
  const first = await here.run(HISTORY, { pause: pause.signal });
  t.same(first, { kind: 'paused', reason: 'the supervisor is going down' });
  t.match(await here.rows('SELECT status, config FROM sync_tasks'), [
    { status: 'PAUSED', config: { reason: 'the supervisor is going down' } },
  ]);
  const fetched = here.requests.length;
  t.ok(fetched >= 5 && fetched <= 7, 'only calls that were in flight still came');
  t.equal((await here.rows('SELECT 1 FROM coverage')).length, fetched, 'what was fetched was stored');

  const second = await here.run({ ...HISTORY, fence: 2 });
  t.same(second, { kind: 'completed', records_processed: rows });
  t.same(askedDays(here), open);
  await checkWhole(t, here, rows);
});

t.test('a run that fails in the middle keeps what it has; the next attempt fetches the rest', async (t) => {
  const { here, open, rows } = await tenUnits(t);
  await t.rejects(here.run(HISTORY, { call: failingAt(here, 7, new Error('crash')) }), {
    message: 'crash',
  });
  t.match(await here.rows('SELECT status, current_offset, config FROM sync_tasks'), [
    { status: 'FAILED', current_offset: 6, config: { reason: 'crash' } },
  ]);
  await here.run({ ...HISTORY, fence: 2 });
  t.same(askedDays(here), open, 'no unit twice');
  await checkWhole(t, here, rows);
});

t.test(
  'a run that dies without a word leaves whole batches; the next attempt goes on from them',
  async (t) => {
    const { here, rows } = await tenUnits(t);
    const dead = here.run(HISTORY, { call: neverFrom(here, 6) });
    dead.catch(() => {});
    while ((await here.rows('SELECT 1 FROM coverage')).length < 4) await new Promise(setImmediate);
    const alreadyThere = await here.rows('SELECT partition FROM coverage');
    here.requests.length = 0;
    await here.run({ ...HISTORY, fence: 2 });
    t.notOk(askedDays(here).some((day) => alreadyThere.some((row) => row.partition === day)));
    await checkWhole(t, here, rows);
  },
);

t.test('a later unit that is committed before an earlier one is not fetched again', async (t) => {
  const { here, open, rows } = await tenUnits(t, '3');
  const slow = Promise.withResolvers<void>();
  const whole = here.answers;
  here.answers = async (request) => {
    if (request.params.trade_date === open[0]) await slow.promise;
    return whole(request);
  };
  const pause = new AbortController();
  const running = here.run({ ...HISTORY }, { pause: pause.signal, call: refusingWhen(here, pause.signal) });
  while ((await here.rows('SELECT 1 FROM coverage')).length < 6) await new Promise(setImmediate);
  t.match(await here.rows('SELECT current_offset FROM sync_tasks'), [{ current_offset: 0 }]);
  pause.abort('test');
  t.match(await running, { kind: 'paused' });
  slow.resolve();
  here.answers = whole;
  const stored = (await here.rows('SELECT partition FROM coverage')).map((row) => row.partition);
  here.requests.length = 0;
  await here.run({ ...HISTORY, fence: 2 });
  t.same(
    askedDays(here),
    open.filter((day) => !stored.includes(day)),
  );
  await checkWhole(t, here, rows);
});

t.test('a closed window pauses the sync task and is thrown on', async (t) => {
  const { here, rows } = await tenUnits(t);
  const closed = new WindowClosed('closed for an hour', 1);
  await t.rejects(here.run(HISTORY, { call: failingAt(here, 4, closed) }), closed);
  t.match(await here.rows('SELECT status, current_offset FROM sync_tasks'), [
    { status: 'PAUSED', current_offset: 3 },
  ]);
  await here.run({ ...HISTORY, fence: 2 });
  await checkWhole(t, here, rows);
});

t.test('a completed task that is run again says so without a call', async (t) => {
  const { here, rows } = await tenUnits(t);
  await here.run(HISTORY);
  here.requests.length = 0;
  t.same(await here.run({ ...HISTORY, fence: 2 }), { kind: 'completed', records_processed: rows });
  t.equal(here.requests.length, 0);
});

/** Calls go through until the nth, which throws without asking. */
function failingAt(here: Bench, nth: number, error: Error): RunContext['call'] {
  const { call } = here.context({});
  let calls = 0;
  return async (...asked) => {
    if (++calls >= nth) throw error;
    return call(...asked);
  };
}

/** Calls go through until the nth, which is never answered: as in a process that was killed. */
function neverFrom(here: Bench, nth: number): RunContext['call'] {
  const { call } = here.context({});
  let calls = 0;
  return (...asked) => (++calls >= nth ? new Promise<never>(() => {}) : call(...asked));
}

/** Like the call of a real thread: rejects as soon as the run pauses. */
function refusingWhen(here: Bench, pause: AbortSignal): RunContext['call'] {
  const { call } = here.context({});
  return (...asked) =>
    Promise.race([
      call(...asked),
      new Promise<never>((_, reject) => pause.addEventListener('abort', () => reject(new Error('refused')))),
    ]);
}
