/** Technical factors as TuShare computes them, each on unadjusted or adjusted prices. */
import { double, type Field } from './dataset.ts';

/** bfq: prices as they were; hfq: adjusted to the first price; qfq: adjusted to the latest one. */
export type PriceBasis = 'bfq' | 'hfq' | 'qfq';

const BASIS: Record<PriceBasis, string> = {
  bfq: 'unadjusted',
  hfq: 'adjusted to the first price',
  qfq: 'adjusted to the latest price',
};

/** Names with `*` where the price basis stands. */
const FACTORS: readonly [name: string, comment: string][] = [
  ['asi_*', 'Accumulation swing index'],
  ['asit_*', 'Accumulation swing index, average'],
  ['atr_*', 'Average true range'],
  ['bbi_*', 'Bull and bear index'],
  ['bias1_*', 'Bias from the 6-day average'],
  ['bias2_*', 'Bias from the 12-day average'],
  ['bias3_*', 'Bias from the 24-day average'],
  ['boll_lower_*', 'Bollinger band, lower'],
  ['boll_mid_*', 'Bollinger band, middle'],
  ['boll_upper_*', 'Bollinger band, upper'],
  ['brar_ar_*', 'BRAR, AR'],
  ['brar_br_*', 'BRAR, BR'],
  ['cci_*', 'Commodity channel index'],
  ['cr_*', 'Price momentum (CR)'],
  ['dfma_dif_*', 'Difference of moving averages, DIF'],
  ['dfma_difma_*', 'Difference of moving averages, DIFMA'],
  ['dmi_adx_*', 'Directional movement, ADX'],
  ['dmi_adxr_*', 'Directional movement, ADXR'],
  ['dmi_mdi_*', 'Directional movement, MDI'],
  ['dmi_pdi_*', 'Directional movement, PDI'],
  ['dpo_*', 'Detrended price oscillator'],
  ['madpo_*', 'Detrended price oscillator, average'],
  ...[10, 20, 250, 30, 5, 60, 90].map(average('ema', 'Exponential moving average')),
  ['emv_*', 'Ease of movement'],
  ['maemv_*', 'Ease of movement, average'],
  ['expma_12_*', 'Exponential average, 12 days'],
  ['expma_50_*', 'Exponential average, 50 days'],
  ['kdj_*', 'KDJ, J'],
  ['kdj_d_*', 'KDJ, D'],
  ['kdj_k_*', 'KDJ, K'],
  ['ktn_down_*', 'Keltner channel, lower'],
  ['ktn_mid_*', 'Keltner channel, middle'],
  ['ktn_upper_*', 'Keltner channel, upper'],
  ...[10, 20, 250, 30, 5, 60, 90].map(average('ma', 'Moving average')),
  ['macd_*', 'MACD'],
  ['macd_dea_*', 'MACD, DEA'],
  ['macd_dif_*', 'MACD, DIF'],
  ['mass_*', 'Mass index'],
  ['ma_mass_*', 'Mass index, average'],
  ['mfi_*', 'Money flow index'],
  ['mtm_*', 'Momentum'],
  ['mtmma_*', 'Momentum, average'],
  ['obv_*', 'On-balance volume'],
  ['psy_*', 'Psychological line'],
  ['psyma_*', 'Psychological line, average'],
  ['roc_*', 'Rate of change'],
  ['maroc_*', 'Rate of change, average'],
  ...[12, 24, 6].map(average('rsi', 'Relative strength index')),
  ['taq_down_*', 'Turtle channel, lower'],
  ['taq_mid_*', 'Turtle channel, middle'],
  ['taq_up_*', 'Turtle channel, upper'],
  ['trix_*', 'Triple exponential average'],
  ['trma_*', 'Triple exponential average, average'],
  ['vr_*', 'Volume ratio index'],
  ['wr_*', 'Williams percent range, 10 days'],
  ['wr1_*', 'Williams percent range, 6 days'],
  ['xsii_td1_*', 'Xue Si channel II, line 1'],
  ['xsii_td2_*', 'Xue Si channel II, line 2'],
  ['xsii_td3_*', 'Xue Si channel II, line 3'],
  ['xsii_td4_*', 'Xue Si channel II, line 4'],
];

const RUNS: readonly Field[] = [
  double('downdays', 'Days of falling in a row', 'days'),
  double('updays', 'Days of rising in a row', 'days'),
  double('lowdays', 'Days for which the low is the lowest', 'days'),
  double('topdays', 'Days for which the high is the highest', 'days'),
];

/** The factors on each of the bases, and the four that don't depend on one. */
export function factors(...bases: PriceBasis[]): Field[] {
  const fields = FACTORS.flatMap(([name, comment]) =>
    bases.map((basis) => double(name.replace('*', basis), `${comment}, ${BASIS[basis]}`)),
  );
  return [...fields, ...RUNS];
}

function average(name: string, comment: string): (days: number) => [string, string] {
  return (days) => [`${name}_*_${days}`, `${comment}, ${days} days`];
}
