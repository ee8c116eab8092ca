/** A history that meets more faults of the network than it has attempts, through queue, supervisor and simulator (D7). */
import t from 'tap';
import type { Task } from '../../src/queue/task.ts';
import { submit, until } from '../support/queue.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';

/** Of January 2019: with one call in flight and one unit a batch, some unit is stored between two of them. */
const FAULTY = ['20190103', '20190107', '20190109', '20190111', '20190115', '20190117'];
const isOver = ({ status }: Task) => status === 'completed' || status === 'failed';

t.test(
  'a history with six faults on its way ends well with three attempts',
  { timeout: 300_000 },
  async (t) => {
    const { env, queue, database, simulator } = await startStack(t, {
      TASK_RETRY_BASE_SECONDS: '0',
      SYNC_CALLS_IN_FLIGHT: '1',
      SYNC_DAILY_HISTORY_BATCH_SIZE: '1',
      TUSHARE_RATE_LIMIT_MAX_CALLS: '10000',
    });
    await simulator.setLimit(0);
    await startSupervisor(t, env);
    for (const dataset of ['stock_basic', 'trade_cal'])
      await until(queue, await submit(queue, dataset), ({ status }) => status === 'completed', 120_000);
    const history = (month: string) =>
      submit(queue, 'daily_basic', {
        mode: 'history',
        params: { start_date: `${month}01`, end_date: `${month}18` },
        max_attempts: 3,
        timeout_seconds: 600,
      });
    const faults = FAULTY.map((trade_date) => ({
      fault: 'http_502' as const,
      params: { trade_date },
      times: 1,
    }));
    await simulator.addFaults(...faults);
    const task = await until(queue, await history('201901'), isOver, 120_000);
    t.match(task, { status: 'completed', attempt: 1 }, String(task.error_message));
    t.match(
      (await simulator.faults()).map(({ applied }) => applied),
      FAULTY.map(() => 1),
      'all six came to pass',
    );
    const { rows } = await database.query('SELECT count(DISTINCT trade_date)::int AS days FROM daily_basic');
    t.same(rows, [{ days: 13 }]);

    await simulator.addFaults({ fault: 'http_502', api_name: 'daily_basic' });
    const hopeless = await until(queue, await history('201902'), isOver, 120_000);
    t.match(hopeless, { status: 'failed', attempt: 3, last_error_type: 'network' }, 'nothing was stored');
  },
);
