/** Words of how fast tasks have ended lately. */
import { words } from './language.tsx';
import { many } from './many.ts';

export const paceWords = words({
  en: {
    ended: (count: number, minutes: number, each: string) =>
      `${many(count, 'task')} ended in the last ${minutes} min, ${each} a minute`,
    waited: (time: string) => `95 % waited at most ${time}`,
    ran: (time: string) => `95 % ran at most ${time}`,
    more: 'Over time',
  },
  zh: {
    ended: (count: number, minutes: number, each: string) =>
      `最近 ${minutes} 分钟结束 ${count.toLocaleString('en')} 个任务，每分钟 ${each} 个`,
    waited: (time: string) => `95% 的等待不超过 ${time}`,
    ran: (time: string) => `95% 的运行不超过 ${time}`,
    more: '查看趋势',
  },
});
