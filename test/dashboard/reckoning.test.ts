/** What the page works out by itself: kinds of failures, submissions, spans of months. */
import t from 'tap';
import { spanOf } from '../../src/dashboard/pages/coverage/months.ts';
import { EMPTY_FORM, readMore, submissionOf } from '../../src/dashboard/pages/datasets/submission.ts';
import { groupFailures } from '../../src/dashboard/pages/overview/failure-groups.ts';

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
