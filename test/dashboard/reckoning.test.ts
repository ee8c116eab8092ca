/** What the page works out by itself: kinds of failures, submissions, spans of months. */
import t from 'tap';
import { spanOf } from '../../src/dashboard/pages/coverage/months.ts';
import { isUndated, PALETTES, STATES, wholeOf } from '../../src/dashboard/pages/coverage/states.ts';
import { EMPTY_FORM, readMore, submissionOf } from '../../src/dashboard/pages/datasets/submission.ts';
import { spansOf } from '../../src/dashboard/pages/executions/spans.ts';
import { groupFailures } from '../../src/dashboard/pages/overview/failure-groups.ts';
import { type Bar, lanesOf } from '../../src/dashboard/pages/workers/lanes.ts';
import { roughly } from '../../src/dashboard/parts/roughly.ts';
import { executionTimeLeft, taskTimeLeft } from '../../src/queue/time-left.ts';

type Failed = Parameters<typeof groupFailures>[0][number];
const failed = (task_id: string, job_type: string, last_error_type: string, error_message: string) =>
  ({ task_id, job_type, last_error_type, error_message, updated_at: '2026-11-21T10:00:00Z' }) as Failed;

t.test('failures that differ in ids, dates and amounts only are of one kind', async (t) => {
  const groups = groupFailures([
    failed('a', 'daily.history', 'data_rejected', '20190108: 12 rows without close, 600000.SH among them'),
    failed('b', 'daily.history', 'data_rejected', '20200317: 7 rows without close, 000001.SZ among them'),
    failed('c', 'daily.history', 'network', 'connection refused'),
    failed('d', 'weekly.history', 'network', 'connection refused'),
    failed('e', 'daily.history', 'data_rejected', '20210104: 3 rows without open, 600000.SH among them'),
  ]);
  t.same(
    groups.map(({ count, jobType, errorType, newest }) => [count, jobType, errorType, newest.task_id]),
    [
      [2, 'daily.history', 'data_rejected', 'a'],
      [1, 'daily.history', 'network', 'c'],
      [1, 'weekly.history', 'network', 'd'],
      [1, 'daily.history', 'data_rejected', 'e'],
    ],
  );
});

t.test('a row without days is drawn as one bar, also before anything of it was fetched', async (t) => {
  const none = Object.fromEntries(STATES.map((state) => [state, 0]));
  const row = (more: object) => ({ dated: false, counts: {}, undated: none, ...more }) as never;
  t.equal(isUndated(row({})), true);
  t.same(wholeOf(row({})), { ...none, absent: 1 });
  t.same(wholeOf(row({ undated: { ...none, complete: 3 } })), { ...none, complete: 3 });
  t.equal(isUndated(row({ dated: true })), false, 'of days, and none of these is expected');
  t.equal(isUndated(row({ dated: true, counts: { absent: [1] } })), false);
});

t.test('when each task of an execution waited and ran', async (t) => {
  const at = (seconds: number) => new Date(1_795_000_000_000 + seconds * 1000).toISOString();
  const task = (created: number, started: number | null, completed: number | null) => ({
    job_type: 'daily.history',
    status: 'pending' as const,
    created_at: at(created),
    started_at: started === null ? null : at(started),
    completed_at: completed === null ? null : at(completed),
  });
  const tasks = [task(0, 2, 5), task(0, 5, null), task(1, null, null), task(1, null, 4)];
  t.same(spansOf(tasks, 1_795_000_010_000), [
    { after: 0, waited: 2000, ran: 3000 },
    { after: 0, waited: 5000, ran: 5000 },
    { after: 1000, waited: 9000, ran: 0 },
    { after: 1000, waited: 3000, ran: 0 },
  ]);
});

t.test('a submission holds what its mode takes, and nothing else', async (t) => {
  const form = { ...EMPTY_FORM, dataset: 'daily', start: '2026-01-05', end: '2026-02-01', missing: true };
  t.same(submissionOf({ ...form, mode: 'history' }), {
    dataset: 'daily',
    mode: 'history',
    params: { start_date: '20260105', end_date: '20260201' },
    priority: 'normal',
  });
  t.same(submissionOf({ ...form, mode: 'backfill' }).params, {
    start_date: '20260105',
    end_date: '20260201',
    missing: true,
  });
  t.same(submissionOf({ ...form, mode: 'full', more: '{"ts_code": "000001.SZ"}' }).params, {
    ts_code: '000001.SZ',
  });
  for (const text of ['[1]', '7', 'null', '{', '"text"']) t.equal(readMore(text), null, text);
  t.same(readMore('  '), {});
});

t.test('two months span whole months, in either order, over years and leap days', async (t) => {
  t.same(spanOf(202402, 202402), { start_date: '20240201', end_date: '20240229' });
  t.same(spanOf(202601, 202511), { start_date: '20251101', end_date: '20260131' });
});

/** How colours look to people without one kind of cone (Machado et al. 2009, in linear RGB), and to the others. */
const SIGHTS: Record<string, number[][]> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* of a colour `#rrggbb` as somebody sees it. */
function labOf(color: string, sight: number[][]): number[] {
  const linear = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const times = (matrix: number[][], vector: number[]) =>
    matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * (vector[at] ?? 0), 0));
  const seen = times(sight, linear).map((part) => Math.min(1, Math.max(0, part)));
  const [x = 0, y = 0, z = 0] = times(
    [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
    ],
    seen,
  ).map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

t.test('the states of the heatmap are told apart by everybody, in both themes', async (t) => {
  for (const [theme, palette] of Object.entries(PALETTES))
    for (const [sight, matrix] of Object.entries(SIGHTS))
      for (const [at, one] of STATES.entries())
        for (const other of STATES.slice(at + 1)) {
          const [a, b] = [labOf(palette[one], matrix), labOf(palette[other], matrix)];
          const distance = Math.hypot(...a.map((part, index) => part - (b[index] ?? 0)));
          // 2.3 is just noticeable; ten times that is another colour at a glance
          t.ok(distance > 20, `${theme}, ${sight}: ${one} and ${other} differ by ${distance.toFixed(0)}`);
        }
});

t.test('what a supervisor ran stands in as many rows as it ran at once', (t) => {
  const bar = (task_id: string, supervisor_id: string | null, from: number, to: number) =>
    ({ task_id, supervisor_id, from, to }) as Bar;
  const lanes = lanesOf([
    bar('late', 'a', 5_000, 6_000),
    bar('early', 'a', 0, 5_050), // killed: its thread exited a moment after the next began
    bar('beside', 'a', 1_000, 9_000),
    bar('other', 'b', 0, 9_000),
    bar('lost', null, 0, 1),
    bar('third', 'a', 4_000, 4_500),
  ]);
  t.same(
    lanes.map(({ supervisor_id, number, bars }) => [supervisor_id, number, bars.map((one) => one.task_id)]),
    [
      ['a', 1, ['early', 'late']],
      ['a', 2, ['beside']],
      ['a', 3, ['third']],
      ['b', 1, ['other']],
      [null, 1, ['lost']],
    ],
  );
  t.end();
});

t.test('how long the rest will take is told at the pace so far, or not at all', (t) => {
  const NOW = Date.UTC(2026, 10, 22, 10);
  const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
  const task = { status: 'running', progress: 25, started_at: minutesAgo(4), attempt: 0, losses: 0 } as const;
  t.equal(taskTimeLeft(task, NOW), 12 * 60_000);
  for (const change of [
    { status: 'pending' },
    { progress: 0.9 },
    { progress: 99 },
    { started_at: null },
    { attempt: 1 },
    { losses: 1 },
  ] as const)
    t.equal(taskTimeLeft({ ...task, ...change }, NOW), null, JSON.stringify(change));
  const counts = { pending: 29, running: 1, completed: 8, failed: 2, cancelled: 0 };
  const execution = { status: 'running', total: 40, counts, started_at: minutesAgo(10), attempt: 0 } as const;
  t.equal(executionTimeLeft(execution, NOW), 30 * 60_000);
  t.equal(executionTimeLeft({ ...execution, attempt: 1 }, NOW), null, 'it runs again');
  t.equal(executionTimeLeft({ ...execution, total: 19 }, NOW), null, 'a few tasks may be of any length');
  t.equal(executionTimeLeft({ ...execution, status: 'completed' }, NOW), null);
  const told = [0, 41_200, 59_500, 12.4 * 60_000, 59.6 * 60_000, 196 * 60_000].map(roughly);
  t.same(
    told.map(({ unit, count, minutes }) => [unit, count, minutes]),
    [
      ['seconds', 0, 0],
      ['seconds', 42, 0],
      ['minutes', 1, 0],
      ['minutes', 12, 0],
      ['hours', 1, 0],
      ['hours', 3, 20],
    ],
  );
  t.end();
});
