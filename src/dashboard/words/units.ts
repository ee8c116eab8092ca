/** Units of fields, in Chinese; one that is not known (a dataset of your own) is shown as it is. */
import type { Language } from './languages.ts';

const CHINESE: Record<string, string> = {
  '100 million': '亿',
  '100 million yuan': '亿元',
  yuan: '元',
  percent: '%',
  '10,000 shares': '万股',
  '10,000': '万',
  accounts: '户',
  '10,000 accounts': '万户',
  shares: '股',
  '10,000 yuan': '万元',
  'lots of 100 shares': '手（100 股）',
  '100 million shares': '亿股',
  'thousand yuan': '千元',
  days: '天',
  'yuan a share': '元/股',
  '10,000 trades': '万笔',
  'HK dollars': '港元',
  points: '点',
  'million yuan': '百万元',
  'shares, units or lots': '股、份或手',
  'percent a year': '%/年',
  '10,000 units': '万份',
  '100 million units': '亿份',
  years: '年',
  lots: '手',
  'yuan a piece': '元/张',
  pieces: '张',
  'times a year': '次/年',
  trades: '笔',
  'trillion yuan': '万亿元',
};

export function unitWords(language: Language, unit: string | null): string | null {
  return language === 'zh' && unit !== null ? (CHINESE[unit] ?? unit) : unit;
}
