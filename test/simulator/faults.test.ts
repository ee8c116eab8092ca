import t from 'tap';
import { REFUSALS } from '../../src/simulator/tushare-errors.ts';
import { type FreshSimulator, freshSimulator } from '../support/simulator.ts';

const DAY = { trade_date: '20190102' };

function post(simulator: FreshSimulator, timeoutMs = 10_000): Promise<Response> {
  const body = JSON.stringify({ api_name: 'daily', token: 'x', params: DAY });
  return fetch(simulator.url, { method: 'POST', body, signal: AbortSignal.timeout(timeoutMs) });
}

t.test('each of TuShare’s refusals can be had by name', async (t) => {
  const simulator = await freshSimulator(t);
  for (const [name, { code, msg }] of Object.entries(REFUSALS)) {
    await simulator.addFaults({ fault: 'api_error', error: name as keyof typeof REFUSALS, times: 1 });
    const body = await simulator.call('daily', DAY);
    t.match(body, { code, data: null, msg: msg.replace('{api}', 'daily') }, name);
  }
  t.equal((await simulator.call('daily', DAY)).code, 0, 'all are used up');
});

t.test('faults of the connection', async (t) => {
  const simulator = await freshSimulator(t);
  const once = (fault: 'hang') => simulator.addFaults({ fault, times: 1 });

  await simulator.addFaults({ fault: 'http_502', times: 1 }, { fault: 'http_503', times: 1 });
  t.same([(await post(simulator)).status, (await post(simulator)).status], [502, 503]);
  await simulator.addFaults({ fault: 'html_200', times: 1 }, { fault: 'invalid_json', times: 1 });
  t.match(await (await post(simulator)).text(), /^<html>/);
  const half = await (await post(simulator)).text();
  t.match(half, /^\{"request_id"/);
  t.throws(() => JSON.parse(half));
  await simulator.addFaults({ fault: 'reset', times: 1 });
  await t.rejects(post(simulator), 'reset before an answer');
  await simulator.addFaults({ fault: 'cut_body', times: 1 });
  await t.rejects(
    post(simulator).then((response) => response.text()),
    'ends in the middle of the body',
  );

  await once('hang');
  await t.rejects(post(simulator, 150), { name: 'TimeoutError' }, 'accepted, never answered');
  t.match((await simulator.log()).at(-1), { fault: 'hang', code: null });

  await simulator.addFaults({ fault: 'slow_body', latency_ms: 300, times: 1 });
  const began = performance.now();
  const slow = await post(simulator);
  const headersAfterMs = performance.now() - began;
  t.equal(((await slow.json()) as { code: number }).code, 0, 'all of it comes in the end');
  t.ok(performance.now() - began > 280, 'the body drips');
  t.ok(headersAfterMs < 250, 'the headers came at once');
  t.equal((await simulator.call('daily', DAY)).code, 0, 'the next call is whole');
});

t.test('faults in the content', async (t) => {
  const { call, addFaults } = await freshSimulator(t);
  const clean = (await call('daily', DAY)).data ?? t.fail('no data');
  if (typeof clean === 'boolean') return;
  const rows = clean.items.length;
  const withFault = async (rule: Parameters<typeof addFaults>[0]) => {
    await addFaults({ ...rule, times: 1 });
    return await call('daily', DAY);
  };
  t.match((await withFault({ fault: 'empty' })).data?.items, []);
  const truncated = (await withFault({ fault: 'truncated', rows: 332 })).data;
  t.same(truncated?.items, clean.items.slice(0, 332));
  t.equal(truncated?.has_more, false, 'nothing tells that it was cut');
  const repeated = (await withFault({ fault: 'duplicate_rows', rows: 3 })).data;
  t.same(repeated?.items, [...clean.items.slice(0, 3), ...clean.items]);
  const restated = (await withFault({ fault: 'restated' })).data?.items ?? [];
  t.equal(restated.length, rows);
  const changed = restated.filter((item, n) => item.at(-1) !== clean.items[n]?.at(-1));
  t.equal(changed.length, Math.ceil(rows / 10));
  t.same(
    restated.map((item) => item.slice(0, -1)),
    clean.items.map((item) => item.slice(0, -1)),
  );
  const mistyped = (await withFault({ fault: 'wrong_types' })).data?.items[0] ?? [];
  t.ok(
    mistyped.every(
      (cell) => cell === null || typeof cell !== typeof clean.items[0]?.[0] || typeof cell === 'string',
    ),
  );
  t.notOk(mistyped.some((cell) => typeof cell === 'number'));
  t.match(await withFault({ fault: 'null_data' }), { code: 0, data: null });
  const old = await withFault({ fault: 'no_has_more' });
  t.notOk('has_more' in (old.data ?? {}));
  t.equal(old.msg, null);
  t.equal(old.data?.items.length, rows);
  t.match(await withFault({ fault: 'body_2026' }), { code: 0, data: { count: 0 }, detail: null });
  const extra = (await withFault({ fault: 'extra_columns' })).data;
  t.same(extra?.fields, [...clean.fields, 'undocumented']);
  t.equal(extra?.items[0]?.length, 12);
  t.equal((await withFault({ fault: 'missing_columns' })).data?.fields.length, 10);
  const reordered = (await withFault({ fault: 'reordered' })).data;
  t.same(reordered?.fields, clean.fields.toReversed());
  t.same(
    reordered?.items.toReversed().map((item) => item.toReversed()),
    clean.items,
  );
  t.same((await call('daily', DAY)).data, clean, 'and nothing of it stays');

  await addFaults({ fault: 'late_publication', times: 1 });
  const late = await call('daily', { start_date: '20190102', end_date: '20190103' });
  t.same(
    [...new Set(late.data?.items.map((item) => item[1]))],
    ['20190102'],
    'the newest day is not there yet',
  );
});

t.test('a rule hits the calls it names, from the one it says, as often as it says', async (t) => {
  const { call, addFaults, clearFaults, url } = await freshSimulator(t);
  await addFaults({
    fault: 'api_error',
    error: 'query_failed',
    api_name: 'daily',
    params: { trade_date: '20190103' },
    after: 1,
    times: 2,
  });
  const codes: number[] = [];
  t.equal((await call('trade_cal', { limit: 1 })).code, 0, 'another API');
  t.equal((await call('daily', DAY)).code, 0, 'other parameters');
  for (let n = 0; n < 4; n++) codes.push((await call('daily', { trade_date: '20190103' })).code);
  t.same(codes, [0, 50101, 50101, 0]);
  const rules = await (await fetch(`${url}/_control/faults`)).json();
  t.match(rules, [{ fault: 'api_error', applied: 2 }]);

  await addFaults({ fault: 'empty' });
  t.equal((await call('daily', DAY)).data?.items.length, 0);
  await clearFaults();
  t.not((await call('daily', DAY)).data?.items.length, 0);

  await addFaults({ fault: 'delay', latency_ms: 60, times: 1 });
  const began = performance.now();
  t.equal((await call('trade_cal', { limit: 1 })).code, 0);
  t.ok(performance.now() - began > 59, 'delayed, and otherwise whole');
});

t.test('a rule that can’t be used is refused with what was expected, and changes nothing', async (t) => {
  const { url } = await freshSimulator(t);
  for (const rule of [
    { fault: 'explode' },
    { fault: 'api_error' },
    { fault: 'hang', error: 'banned' },
    { fault: 'hang', tmies: 1 },
  ]) {
    const response = await fetch(`${url}/_control/faults`, {
      method: 'POST',
      body: JSON.stringify([{ fault: 'empty' }, rule]),
    });
    t.equal(response.status, 400);
    t.match(await response.json(), { error: /Faults: hang, .*Errors: bad_token/ });
  }
  const latency = await fetch(`${url}/_control/latency`, { method: 'POST', body: '{"latency_ms":"5"}' });
  t.equal(latency.status, 400);
  t.same(await (await fetch(`${url}/_control/faults`)).json(), []);
});
