/** Jobs that fill several datasets in one task: programs of their own, in threads only. */
import type { RunnerDataset } from './dataset.ts';

/** No modules: workers/run-task.ts knows the programs by these names, so that web can list them without reaching them. */
export const FINANCE_RUNNER = 'dayline:finance';
export const CONCEPT_RUNNER = 'dayline:concept';

const DAY_SECONDS = 86_400;

export const SYNC_JOB_DATASETS: readonly RunnerDataset[] = [
  {
    name: 'finance',
    group: 'jobs',
    title: { zh: '财务数据（指标与三大报表）', en: 'Financial statements and indicators' },
    runner: FINANCE_RUNNER,
    asks_tushare: true,
    modes: ['incremental', 'history'],
    takes_days: { history: ['start_date', 'end_date'], incremental: ['target_date'] },
    // 4 calls for each of 5,500 stocks, three times over.
    planned_seconds: DAY_SECONDS / 3,
    needs: ['stock_basic'],
    fills: ['fina_indicator', 'income', 'balancesheet', 'cashflow'],
  },
  {
    name: 'concept_boards',
    group: 'jobs',
    job_name: 'concept',
    title: { zh: '概念板块与成分', en: 'Concept boards and their members' },
    runner: CONCEPT_RUNNER,
    asks_tushare: true,
    modes: ['incremental'],
    takes_days: {},
    fills: ['ths_index', 'ths_member'],
  },
];
