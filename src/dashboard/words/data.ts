/** Words about stored rows and the K-line. */
import { words } from './language.tsx';
import { many } from './many.ts';

export const dataWords = words({
  en: {
    rows: 'Rows',
    from: 'First day',
    to: 'Last day',
    code: 'ts_code',
    show: 'Show',
    noRows: 'No rows',
    noRowsHint: 'Submit this dataset: its rows appear here.',
    noneMatch: 'No row is as the filter says.',
    rowRange: (from: number, to: number, total: number | null) =>
      `${from}–${to}${total === null ? '' : ` of about ${total.toLocaleString('en')}`}`,
    storedRows: 'Rows stored, about',
    latest: 'Latest',
    partitions: 'Partitions in the ledger',
    kLine: 'K-line',
    years: 'Years',
    yearsOf: { '1': '1 y', '3': '3 y', '10': '10 y', all: 'All' },
    adjustment: 'Adjusted for ex-days',
    adjustments: { none: 'Unadjusted', forward: 'Forward', backward: 'Backward' },
    noFactors: (dataset: string) => `Without rows of ${dataset} prices are shown unadjusted.`,
    noBars: (code: string) => `No bars of ${code}`,
    noBarsHint: 'The code may be mistyped, or not have traded in these years.',
    parts: { open: 'Open', close: 'Close', low: 'Low', high: 'High', volume: 'Volume' },
    chart: (code: string, from: string, to: string, bars: number, close: number) =>
      `K-line of ${code}, ${many(bars, 'bar')} from ${from} to ${to}, last close ${close}`,
  },
  zh: {
    rows: '数据行',
    from: '起始日',
    to: '截止日',
    code: 'ts_code',
    show: '查看',
    noRows: '没有数据',
    noRowsHint: '提交该数据集后，数据会显示在这里。',
    noneMatch: '没有符合筛选条件的数据。',
    rowRange: (from: number, to: number, total: number | null) =>
      `${from}–${to}${total === null ? '' : `，共约 ${total.toLocaleString('zh')}`}`,
    storedRows: '已存行数（约）',
    latest: '最新',
    partitions: '台账分区数',
    kLine: 'K 线',
    years: '年数',
    yearsOf: { '1': '1 年', '3': '3 年', '10': '10 年', all: '全部' },
    adjustment: '复权',
    adjustments: { none: '不复权', forward: '前复权', backward: '后复权' },
    noFactors: (dataset: string) => `没有 ${dataset} 数据，显示未复权价格。`,
    noBars: (code: string) => `没有 ${code} 的行情`,
    noBarsHint: '代码可能有误，或这些年没有交易。',
    parts: { open: '开', close: '收', low: '低', high: '高', volume: '量' },
    chart: (code: string, from: string, to: string, bars: number, close: number) =>
      `${code} 的 K 线，${from} 至 ${to} 共 ${bars} 根，最新收盘 ${close}`,
  },
});
