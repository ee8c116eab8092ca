import { date, double, type TableDataset, text } from '../dataset.ts';

/** Costs of holders and the share of them in profit. */
export default {
  name: 'cyq_perf',
  api_name: 'cyq_perf',
  group: 'research',
  title: { zh: '每日筹码及胜率', en: 'Costs and share in profit' },
  doc_id: 293,
  points: 5000,
  row_cap: 6000,
  pageable: true,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Takes a code or a day, whatever the documentation says.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // Documented: 2018.
  history_start: '20180101',
  // Documented for 18 to 19 h.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 5300 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    double('his_low', 'Lowest price ever', 'yuan'),
    double('his_high', 'Highest price ever', 'yuan'),
    double('cost_5pct', 'Cost, 5th percentile', 'yuan'),
    double('cost_15pct', 'Cost, 15th percentile', 'yuan'),
    double('cost_50pct', 'Cost, median', 'yuan'),
    double('cost_85pct', 'Cost, 85th percentile', 'yuan'),
    double('cost_95pct', 'Cost, 95th percentile', 'yuan'),
    double('weight_avg', 'Cost, weighted average', 'yuan'),
    double('winner_rate', 'Share of the shares in profit', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
