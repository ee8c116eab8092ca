/** Words of the freshness board: is today in? */
import { words } from './language.tsx';
import { many } from './many.ts';

export const freshnessWords = words({
  en: {
    title: 'Is it in?',
    tradingDay: 'trading day',
    closedDay: 'the exchange is closed',
    dayUnknown: 'no trading calendar for today',
    states: { in: 'in', due: 'due', late: 'late', behind: 'behind', snapshot: 'lists' },
    inSince: (time: string) => `in since ${time}`,
    inAll: 'all that should be there is there',
    dueAt: (time: string) => `due ${time}`,
    dueSometime: 'comes at no fixed time',
    lateSince: (time: string) => `published ${time}, not in yet`,
    behind: (count: number) => `${many(count, 'day')} behind`,
    behindTimes: (count: number) => `${count} behind`,
    nothingYet: 'nothing fetched yet',
    asOf: (time: string) => `as of ${time}`,
    nextSync: (time: string) => `next sync ${time}`,
    none: 'Nothing is kept yet',
    noneHint: 'Submit a dataset, or switch on a schedule: whether today is in is told here.',
  },
  zh: {
    title: '数据到了吗',
    tradingDay: '交易日',
    closedDay: '休市',
    dayUnknown: '交易日历不含今天',
    states: { in: '已到', due: '待发布', late: '迟到', behind: '落后', snapshot: '列表' },
    inSince: (time: string) => `${time} 已入库`,
    inAll: '应有的数据都已入库',
    dueAt: (time: string) => `${time} 发布`,
    dueSometime: '发布时间不定',
    lateSince: (time: string) => `${time} 已发布，尚未入库`,
    behind: (count: number) => `落后 ${count} 天`,
    behindTimes: (count: number) => `落后 ${count} 期`,
    nothingYet: '尚未获取',
    asOf: (time: string) => `截至 ${time}`,
    nextSync: (time: string) => `下次同步 ${time}`,
    none: '尚未保存任何数据',
    noneHint: '提交一个数据集或启用一个计划，这里会告诉你今天的数据是否已到。',
  },
});
