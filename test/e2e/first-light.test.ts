/** The main job on real data: stock_basic, trade_cal and every trade date of 2019, under the true call window. */
import { join } from 'node:path';
import t from 'tap';
import type { Task } from '../../src/queue/task.ts';
import { worstWindow } from '../../src/simulator/index.ts';
import { submit, until } from '../support/queue.ts';
import { realData, skipWithoutRealData } from '../support/real-data.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { compareDaily, compareText } from './support.ts';

const LIMIT = 195;
const WINDOW_MS = 60_000;
/** Bars of 300114.SZ, which is 302132.SZ since 2025, and of the stocks that are delisted since. */
const GONE = { renamed: 244, delisted: 46_904 };

t.test(
  '2019 arrives whole, row for row and value for value',
  { skip: skipWithoutRealData, timeout: 400_000 },
  async (t) => {
    const folder = realData as string;
    const { env, queue, database, simulator } = await startStack(t, {}, folder);
    await startSupervisor(t, env);
    const isOver = (task: Task) => task.status === 'completed' || task.status === 'failed';

    for (const dataset of ['stock_basic', 'trade_cal']) {
      const task = await until(queue, await submit(queue, dataset), isOver, 60_000);
      t.match(
        task,
        { status: 'completed', last_error_type: null },
        `${dataset}: ${task.error_message ?? 'no error'}`,
      );
    }
    const seen: number[] = [];
    const task_id = await submit(queue, 'daily', {
      mode: 'history',
      params: { start_date: '20190101', end_date: '20191231' },
      timeout_seconds: 3_600,
    });
    const task = await until(
      queue,
      task_id,
      (task) => {
        if (task.progress !== seen.at(-1)) seen.push(task.progress);
        return isOver(task);
      },
      300_000,
    );
    t.match(task, { status: 'completed', attempt: 1 }, task.error_message ?? 'no error');
    t.ok(seen.length > 20, `progress moved ${seen.length} times`);
    t.strictSame(
      seen,
      seen.toSorted((a, b) => a - b),
      'and never fell',
    );

    const daily = await compareDaily(database, folder, '2019');
    t.strictSame(daily.differences, [], 'daily is equal to its source');
    t.equal(daily.rows, 882_818, 'as many rows as the manifest counts');
    t.equal(task.records_processed, daily.rows);
    const { rows } = await database.query(
      `SELECT count(*) AS days, min(state) AS lowest, max(state) AS highest FROM coverage
     WHERE dataset = 'daily' AND partition LIKE '2019%'`,
    );
    t.strictSame(
      rows,
      [{ days: 244, lowest: 'complete', highest: 'complete' }],
      'the ledger has 244 complete days',
    );

    const { rows: gone } = await database.query(
      `SELECT count(*) FILTER (WHERE daily.ts_code = '300114.SZ') AS renamed,
         count(*) FILTER (WHERE delist_date IS NOT NULL) AS delisted
       FROM daily LEFT JOIN stock_basic USING (ts_code)`,
    );
    t.strictSame(gone, [GONE], 'stocks that are in no list any more, or delisted, are there whole');
    const asked = (await simulator.log()).filter(({ api_name }) => api_name === 'daily');
    const byGroups = asked.filter(({ params }) =>
      String((params as { ts_code?: string }).ts_code).includes(','),
    );
    t.ok(asked.length < 0.7 * 244, `${asked.length} calls, where days take 244`);
    t.ok(byGroups.length > 0.9 * asked.length, 'nearly all of them by groups of codes');
    const { rows: said } = await database.query(
      `SELECT config->>'reason' AS words FROM sync_tasks WHERE job_type = 'DAILY_HISTORY'`,
    );
    t.match(said[0]?.words, /1 codes of daily are in no stock list and were asked for as well \(300114.SZ\)/);

    const stocks = await compareText(
      database,
      `SELECT ts_code, symbol, name, area, industry, to_char(list_date, 'YYYYMMDD'), to_char(delist_date, 'YYYYMMDD'),
            list_status FROM stock_basic`,
      [join(folder, 'stock_basic/stock_basic_L_D_202603.csv')],
      (row) =>
        ['ts_code', 'symbol', 'name', 'area', 'industry', 'list_date', 'delist_date', 'status'].map(
          (n) => row[n] ?? '',
        ),
    );
    t.strictSame(stocks.differences, [], `stock_basic is equal to its source (${stocks.rows} rows)`);
    const calendar = await compareText(
      database,
      `SELECT exchange, to_char(cal_date, 'YYYYMMDD'), is_open::text, to_char(pretrade_date, 'YYYYMMDD') FROM trade_cal`,
      ['trade_cal_SSE_20000101_20261231.csv', 'trade_cal_derived_19901219_19991231.csv'].map((name) =>
        join(folder, 'trade_cal', name),
      ),
      (row) => ['exchange', 'cal_date', 'is_open', 'pretrade_date'].map((name) => row[name] ?? ''),
    );
    t.strictSame(calendar.differences, [], `trade_cal is equal to its source (${calendar.rows} rows)`);

    const log = await simulator.log();
    const worst = worstWindow(log, WINDOW_MS);
    t.ok(worst <= LIMIT, `${worst} calls at the most in any ${WINDOW_MS / 1000} s, of ${log.length} in all`);
    t.ok(
      log.every((call) => call.code === 0),
      'and none was refused',
    );
  },
);
