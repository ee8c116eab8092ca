/**
 * What bars normally keep to. TuShare's own rows break it now and then (13 rows of 1991 to 1994 and 11 changes among
 * 1.3 million recorded ones), so a row that does is stored as it came, counted and told, and never refused.
 */
import type { Check } from './dataset.ts';

export const BAR_CHECKS: readonly Check[] = [
  {
    name: 'prices',
    says: 'low is above open or close, or high below',
    sql: 'low > least(open, close) OR high < greatest(open, close)',
  },
  {
    // prices have two digits, so a difference of them is off by one in the last; pct_chg had two digits once
    name: 'change',
    says: 'change or pct_chg contradicts close and pre_close',
    sql: 'abs(change - (close - pre_close)) > 0.011 OR abs(pct_chg - 100 * change / nullif(pre_close, 0)) > 0.02',
  },
];
