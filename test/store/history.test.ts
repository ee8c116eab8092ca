/** The history tables hold whatever a task can hold, once, and forget it after its days. */
import t, { type Test } from 'tap';
import { loadConfig } from '../../src/config.ts';
import type { EndedExecution } from '../../src/queue/audit-list.ts';
import type { Task } from '../../src/queue/task.ts';
import { fromHash } from '../../src/queue/task-hash.ts';
import {
  EXECUTION_HISTORY,
  isRefusal,
  pruneHistory,
  saveHistory,
  TASK_HISTORY,
} from '../../src/store/history-tables.ts';
import { openStore } from '../../src/store/store.ts';
import { type HistoryQuery, listHistory, taskFromHistory } from '../../src/store/task-history.ts';
import { migratedDatabase } from '../support/migrated-database.ts';

async function setUp(t: Test) {
  const config = loadConfig({ DATABASE_URL: (await migratedDatabase(t)).url });
  const store = openStore(config, { applicationName: 'test' });
  t.teardown(() => store.close());
  return store;
}

const NOON = Date.UTC(2026, 10, 20, 12);
const DAY_MS = 86_400_000;

function ended(over: Partial<Task>): Task {
  return {
    ...fromHash('task', ['{}']),
    dataset: 'daily',
    mode: 'backfill',
    job_type: 'daily.backfill',
    status: 'completed',
    attempt: 1,
    created_at: NOON - 5_001,
    updated_at: NOON,
    started_at: NOON - 1_234,
    completed_at: NOON,
    ...over,
  };
}

t.test('every field comes back as it went in, odd texts and numbers too', async (t) => {
  const store = await setUp(t);
  const odd = ended({
    task_id: 'it\'s "odd" \\ 日线 \u{1f600}',
    params: { nul: 'a\0b', half: '\ud800', quote: `"'\\`, list: [1, null, 0.1], deep: { 日: '线' } },
    status: 'failed',
    priority: 0,
    sequence: 2 ** 40,
    max_attempts: 4,
    losses: 2,
    timeout_seconds: 604_800,
    progress: 33.3,
    progress_message: 'unit 3 of 9\n第三',
    records_processed: 2 ** 41,
    deadline_at: NOON + 1,
    stop_requested_at: NOON - 1,
    last_error_type: 'network',
    error_message: '\u{1f600}'.repeat(1000),
    error_detail: `at somewhere\n${'x'.repeat(7_000)}`,
    owner: 'sup-1',
    fence: 2 ** 42,
    execution_id: 'execution',
    key: 'daily of 2019',
    retry_of: 'another',
  });
  const plain = ended({ task_id: 'plain', started_at: null, params: {} });
  await saveHistory(store, TASK_HISTORY, [odd, plain]);
  t.strictSame(await taskFromHistory(store, odd.task_id), odd);
  t.strictSame(await taskFromHistory(store, 'plain'), plain);
  t.equal(await taskFromHistory(store, 'nobody'), null);

  const execution: EndedExecution = {
    execution_id: 'e',
    attempt: 2,
    status: 'failed',
    kind: 'backfill',
    label: '日线 2019',
    sequence: 9,
    total: 7,
    completed: 4,
    failed: 2,
    cancelled: 1,
    created_at: NOON - 9_000,
    started_at: null,
    completed_at: NOON,
  };
  await saveHistory(store, EXECUTION_HISTORY, [execution]);
  const { rows } = await store.pool.query('SELECT * FROM execution_history');
  t.match(rows, [{ ...execution, created_at: new Date(NOON - 9_000), completed_at: new Date(NOON) }]);
});

t.test('a row that is copied again stays one row, also inside one batch', async (t) => {
  const store = await setUp(t);
  const first = ended({ task_id: 'a', records_processed: 1 });
  const again = { ...first, records_processed: 2 };
  await saveHistory(store, TASK_HISTORY, [first, first]);
  await saveHistory(store, TASK_HISTORY, [first, again, ended({ task_id: 'a', attempt: 2 })]);
  const { rows } = await store.pool.query(
    'SELECT task_id, attempt, status, records_processed FROM task_history ORDER BY attempt',
  );
  t.match(rows, [
    { task_id: 'a', attempt: 1, status: 'completed', records_processed: 2 },
    { task_id: 'a', attempt: 2 },
  ]);
  t.equal(rows.length, 2);
});

t.test('what Postgres can not hold is told apart from a Postgres that can not', async (t) => {
  const store = await setUp(t);
  const refused = await saveHistory(store, TASK_HISTORY, [ended({ task_id: 'nul\0' })]).catch(
    (error) => error,
  );
  t.ok(isRefusal(refused), String(refused));
  await store.pool.query('DROP TABLE task_history');
  const away = await saveHistory(store, TASK_HISTORY, [ended({})]).catch((error) => error);
  t.equal(away.code, '42P01');
  t.notOk(isRefusal(away));
});

t.test('pages are newest end first, filtered, and never miss or repeat a row', async (t) => {
  const store = await setUp(t);
  const tasks = Array.from({ length: 50 }, (_, i) =>
    ended({
      task_id: `t${i}`,
      status: i % 5 ? 'completed' : 'failed',
      dataset: i % 2 ? 'daily' : 'adj_factor',
      job_type: `${i % 2 ? 'daily' : 'adj_factor'}.${i % 3 ? 'backfill' : 'full'}`,
      execution_id: i % 10 ? null : 'e',
      completed_at: NOON + Math.floor(i / 4) * 1_000, // four end in the same millisecond
    }),
  );
  await saveHistory(store, TASK_HISTORY, tasks);
  const all = async (query: Omit<HistoryQuery, 'limit' | 'after'>) => {
    const seen: Task[] = [];
    for (;;) {
      const last = seen.at(-1) as (Task & { completed_at: number }) | undefined;
      const after = last && { ...last, id: last.task_id };
      const page = await listHistory(store, { ...query, limit: 7, after });
      seen.push(...page);
      if (page.length < 7) return seen;
    }
  };
  const seen = await all({});
  t.equal(seen.length, 50);
  t.equal(new Set(seen.map((task) => task.task_id)).size, 50);
  const ends = seen.map((task) => task.completed_at as number);
  t.strictSame(
    ends,
    ends.toSorted((a, b) => b - a),
  );
  const at = (ms: number) => new Date(NOON + ms).toISOString();
  const expected: [Omit<HistoryQuery, 'limit'>, (task: Task, i: number) => boolean][] = [
    [{ status: 'failed' }, (task) => task.status === 'failed'],
    [{ dataset: 'daily' }, (task) => task.dataset === 'daily'],
    [{ job_type: 'daily.full' }, (task) => task.job_type === 'daily.full'],
    [{ execution_id: 'e' }, (task) => task.execution_id === 'e'],
    [{ from: at(2_000), to: at(5_000) }, (_, i) => i >= 8 && i < 20],
    [
      { status: 'failed', dataset: 'daily', from: at(3_000) },
      (_, i) => i >= 12 && i % 5 === 0 && i % 2 === 1,
    ],
  ];
  for (const [query, wanted] of expected) {
    const found = (await all(query)).map((task) => task.task_id).sort();
    const ids = tasks.filter(wanted).map((task) => task.task_id);
    t.strictSame(found, ids.sort(), JSON.stringify(query));
  }
});

t.test('rows past their days are deleted, so many at a time', async (t) => {
  const store = await setUp(t);
  const { rows } = await store.pool.query('SELECT now() AS now');
  const now = (rows[0].now as Date).getTime();
  await saveHistory(store, TASK_HISTORY, [
    ...Array.from({ length: 5 }, (_, i) => ended({ task_id: `old${i}`, completed_at: now - 31 * DAY_MS })),
    ended({ task_id: 'young', completed_at: now - 29 * DAY_MS }),
  ]);
  t.equal(await pruneHistory(store, TASK_HISTORY, 30, 3), 3);
  t.equal(await pruneHistory(store, TASK_HISTORY, 30, 3), 2);
  t.equal(await pruneHistory(store, TASK_HISTORY, 30, 3), 0);
  t.match(await listHistory(store, { limit: 9 }), [{ task_id: 'young' }]);
});
