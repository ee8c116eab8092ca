/** What has ended over time: counted against a plain reading of the same rows, and read from the indexes alone. */
import pg from 'pg';
import t, { type Test } from 'tap';
import { activityByType, activityOf } from '../../src/store/activity.ts';
import { openStore } from '../../src/store/store.ts';
import { startApi, testConfig } from '../support/api.ts';
import { migratedDatabase } from '../support/migrated-database.ts';

/** 22:30 on Friday in Shanghai. */
const NOW = Date.UTC(2026, 10, 20, 14, 30);
const HOUR_MS = 3_600_000;
const ROWS = 20_000;

interface Ended {
  job_type: string;
  status: 'completed' | 'failed' | 'cancelled';
  attempt: number;
  rows: number;
  created: number;
  started: number | null;
  ended: number;
}

/** Ends of a month: three types, all outcomes, some that were retried, some that never ran. */
const ENDED = Array.from({ length: ROWS }, (_, n): Ended => {
  const ended = NOW - 1 - Math.floor((n * 30 * 24 * HOUR_MS) / ROWS);
  const started = n % 31 === 0 ? null : ended - 100 - (n % 997) * 7;
  const status = n % 31 === 0 ? 'cancelled' : n % 13 === 0 ? 'failed' : 'completed';
  return {
    job_type: `kind${n % 3 === 0 ? 0 : n % 2}.full`,
    status,
    attempt: n % 11 === 0 ? 2 : 1,
    rows: n % 5,
    created: (started ?? ended) - (n % 499) * 3,
    started,
    ended,
  };
});

async function fill(t: Test): Promise<string> {
  const { url } = await migratedDatabase(t);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO task_history (task_id, attempt, status, dataset, mode, job_type, params, priority, sequence,
         max_attempts, losses, timeout_seconds, progress, records_processed, created_at, updated_at, started_at,
         completed_at, owner, last_error_type)
       SELECT 'task-' || place, attempt, status, job_type, 'full', job_type, '{}', 1, place, 3, 0, 60, 100, rows,
         to_timestamp(created / 1000), to_timestamp(ended / 1000), to_timestamp(started / 1000), to_timestamp(ended / 1000),
         'host:1', CASE status WHEN 'failed' THEN 'timeout' END
       FROM ROWS FROM (json_to_recordset($1) AS (job_type text, status text, attempt int, rows int, created float8,
         started float8, ended float8)) WITH ORDINALITY AS given (job_type, status, attempt, rows, created, started, ended, place)`,
      [JSON.stringify(ENDED)],
    );
    await client.query('VACUUM ANALYZE task_history');
  } finally {
    await client.end();
  }
  return url;
}

/** The same figures without SQL. */
function figuresOf(of: readonly Ended[]) {
  const count = (status: string) => of.filter((task) => task.status === status).length;
  const ran = of.filter(({ started }) => started !== null) as (Ended & { started: number })[];
  const waits = ran.filter(({ attempt }) => attempt <= 1).map(({ started, created }) => started - created);
  return {
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    rows: of.reduce((sum, { rows }) => sum + rows, 0),
    wait_seconds: percentiles(waits),
    run_seconds: percentiles(ran.map(({ started, ended }) => ended - started)),
  };
}

/** percentile_disc: the first value whose place reaches the share. @param values ms */
function percentiles(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] as number) / 1000;
  return sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95) };
}

const endedIn = (from: number, to: number, job_type?: string) =>
  ENDED.filter((task) => task.ended >= from && task.ended < to && (!job_type || task.job_type === job_type));

t.test('counted over time', async (t) => {
  const url = await fill(t);
  const settings = { REDIS_ENABLED: 'false', DATABASE_URL: url };
  const api = await startApi(t, settings);
  const ask = async (query: string) => (await api.get(`/api/v1/activity?${query}`)).body.data;
  const iso = (ms: number) => new Date(ms).toISOString();

  await t.test('hours, in all and by type', async (t) => {
    const from = NOW - 24 * HOUR_MS;
    const answer = await ask(`from=${iso(from)}&to=${iso(NOW)}`);
    const first = from - HOUR_MS / 2;
    t.match(answer, { bucket: 'hour', from: iso(first), to: iso(NOW) }, 'the first hour is whole');
    t.equal(answer.buckets.length, 25);
    for (const [n, { from, ...figures }] of answer.buckets.entries()) {
      const start = first + n * HOUR_MS;
      t.equal(from, iso(start));
      t.strictSame(figures, figuresOf(endedIn(start, Math.min(start + HOUR_MS, NOW))), from);
    }
    t.strictSame(answer.totals, figuresOf(endedIn(first, NOW)));
    const types = ['kind0.full', 'kind1.full'];
    const expected = types.map((job_type) => ({ job_type, ...figuresOf(endedIn(first, NOW, job_type)) }));
    t.strictSame(answer.job_types, expected, 'the type with most ends first');
  });

  await t.test('days of Shanghai, of one type', async (t) => {
    const from = NOW - 29 * 24 * HOUR_MS;
    const { buckets, bucket, totals, job_types } = await ask(
      `from=${iso(from)}&to=${iso(NOW)}&job_type=kind1.full`,
    );
    t.equal(bucket, 'day');
    t.equal(buckets.length, 30);
    t.equal(buckets[0].from, '2026-10-21T16:00:00.000Z', 'midnight in Shanghai');
    const last = Date.UTC(2026, 10, 19, 16);
    t.strictSame(buckets[29], { from: iso(last), ...figuresOf(endedIn(last, NOW, 'kind1.full')) });
    t.strictSame(job_types, [{ job_type: 'kind1.full', ...totals }]);
  });

  await t.test('where nothing ended there are zeros and no times', async (t) => {
    const none = { ...figuresOf([]), wait_seconds: null, run_seconds: null };
    const { buckets, totals, job_types } = await ask(
      'from=2020-01-01T00:00:00Z&to=2020-01-01T00:02:00%2B00:00&bucket=minute',
    );
    t.strictSame([totals, job_types], [none, []]);
    t.strictSame(buckets[1], { from: '2020-01-01T00:01:00.000Z', ...none });
    t.strictSame((await ask('job_type=nobody.full')).job_types, []);
    t.equal((await ask('')).bucket, 'hour', 'the last day, without a word');
  });

  await t.test('a span that is none, or too long, is refused', async (t) => {
    const bad = [
      'from=yesterday',
      `from=${iso(NOW)}&to=${iso(NOW)}`,
      `from=${iso(NOW)}&to=${iso(NOW - 1)}`,
      `from=${iso(NOW - 30 * 24 * HOUR_MS)}&bucket=minute`,
      'from=0001-01-01T00:00:00Z',
      'from=0000-01-01T00:00:00Z&to=0000-01-01T01:00:00Z',
      'bucket=week',
      'job_type=',
      'what=1',
    ];
    for (const query of bad) {
      const answer = await api.get(`/api/v1/activity?${query}`);
      t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } }, query);
    }
  });

  await t.test('when each ran and where, and whose thread ended with it', async (t) => {
    const runs = async (query: string) => (await api.get(`/api/v1/activity/runs?${query}`)).body.data;
    const from = NOW - HOUR_MS;
    const answer = await runs(`from=${iso(from)}&to=${iso(NOW)}`);
    const expected = endedIn(from, NOW).filter(({ started }) => started !== null);
    t.strictSame(
      answer.runs,
      expected.map(({ job_type, status, started, ended }) => ({
        task_id: `task-${ENDED.findIndex((task) => task.ended === ended) + 1}`,
        job_type,
        status,
        error_type: status === 'failed' ? 'timeout' : null,
        thread_ended: status === 'failed',
        supervisor_id: 'host:1',
        started_at: iso(started as number),
        ended_at: iso(ended),
      })),
    );
    t.match(answer, { from: iso(from), to: iso(NOW) });
    const many = await runs(`from=${iso(NOW - 10 * 24 * HOUR_MS)}&to=${iso(NOW)}`);
    t.equal(many.runs.length, 2_000);
    t.equal(many.from, many.runs[1_999].ended_at, 'no more: told since when');
    const bad = await api.get(`/api/v1/activity/runs?from=${iso(NOW)}&to=${iso(NOW)}`);
    t.match(bad, { status: 400, body: { code: 'VALIDATION_FAILED' } });
  });

  await t.test('read from the indexes, not from the table', async (t) => {
    const store = openStore(testConfig(settings), { applicationName: 'test' });
    t.teardown(() => store.close());
    const plans: string[] = [];
    const explained = {
      pool: {
        async query(statement: string, values: unknown[]) {
          const { rows } = await store.pool.query(`EXPLAIN ${statement}`, values);
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return { rows: [] };
        },
      },
    } as unknown as typeof store;
    const hours = Array.from({ length: 24 }, (_, n) => ({
      from: NOW - (n + 1) * HOUR_MS,
      to: NOW - n * HOUR_MS,
    }));
    await activityOf(explained, hours);
    await activityOf(explained, hours, 'kind1.full');
    await activityByType(explained, { from: NOW - HOUR_MS, to: NOW }, 50);
    const indexes = ['completed', 'job_type', 'job_type'];
    for (const [n, plan] of plans.entries()) {
      t.match(plan, new RegExp(`Index Only Scan using task_history_${indexes[n]}_index`));
      t.notMatch(plan, /Seq Scan|Bitmap/);
    }
    t.equal(plans.length, 3);
  });
});

t.test('without Postgres it says so', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  t.match(await api.get('/api/v1/activity'), { status: 503, body: { code: 'HISTORY_UNAVAILABLE' } });
});
