/** The groups of the catalogue, in the order they are listed: the folders below src/datasets, and the user's own. */
export const GROUPS = {
  reference: { zh: '基础数据', en: 'Reference' },
  daily_close: { zh: '日终行情', en: 'Daily close' },
  financials: { zh: '财务数据', en: 'Financials' },
  corporate: { zh: '股东与公司行动', en: 'Holders and corporate actions' },
  flows: { zh: '资金流向', en: 'Money flows and Stock Connect' },
  margin: { zh: '两融及转融通', en: 'Margin trading' },
  concepts: { zh: '概念板块', en: 'Concepts and boards' },
  leaderboards: { zh: '打板专题', en: 'Limit-up and hot lists' },
  research: { zh: '特色数据', en: 'Research and factors' },
  index: { zh: '指数', en: 'Indices' },
  funds: { zh: '基金与ETF', en: 'Funds and ETFs' },
  bonds: { zh: '债券', en: 'Bonds' },
  macro: { zh: '宏观经济', en: 'Macro' },
  intraday: { zh: '分钟与实时', en: 'Minute bars and real time' },
  jobs: { zh: 'Dayline 的任务', en: 'Jobs of Dayline' },
  own: { zh: '自定义', en: 'Your own' },
} as const satisfies Record<string, { zh: string; en: string }>;

export type Group = keyof typeof GROUPS;
