/** Words about the log of actions. */
import { words } from './language.tsx';

export const actionWords = words({
  en: {
    title: 'Log of actions',
    hint: 'What was done through the API, by whom: also what was refused, and every log-in.',
    empty: 'Nothing was done yet',
    at: 'When',
    who: 'Who',
    what: 'What',
    target: 'On what',
    outcome: 'Outcome',
    byActor: 'Only by (name)',
    byTarget: 'Only on (id)',
    more: 'Show more',
    waiting: (count: number) => `${count} more wait in Redis until Postgres takes them.`,
  },
  zh: {
    title: '操作记录',
    hint: '谁通过接口做了什么：包括被拒绝的操作与每次登录。',
    empty: '还没有任何操作',
    at: '时间',
    who: '操作者',
    what: '操作',
    target: '对象',
    outcome: '结果',
    byActor: '仅此操作者',
    byTarget: '仅此对象',
    more: '显示更多',
    waiting: (count: number) => `另有 ${count} 条在 Redis 中等待写入 Postgres。`,
  },
});
