/** Words about searching tasks and executions: where, by what, and how far it has come. */
import { words } from './language.tsx';

export const listWords = words({
  en: {
    place: 'Where to look',
    places: { queue: 'In the queue', history: 'History' },
    historyHint: 'All that has ended, as far back as the history goes; the last to end first.',
    dataset: 'Dataset',
    kind: 'Kind',
    allKinds: 'All kinds',
    kinds: { tasks: 'List of tasks', group: 'Group of datasets', backfill: 'Backfill by day' },
    submitted: 'Submitted',
    ended: 'Ended',
    firstDay: (what: string) => `${what} on this day or later, in Shanghai`,
    lastDay: (what: string) => `${what} on this day or earlier, in Shanghai`,
    noneEnded: 'Nothing has ended yet',
    noneEndedHint: 'What ends is copied here within seconds, and stays.',
    lookedThrough: (found: number, lookedAt: number, more: boolean) =>
      `${found.toLocaleString('en')} found. ${lookedAt.toLocaleString('en')} looked through, ${more ? 'the newest first; there are older ones.' : 'back to the oldest.'}`,
    searchBack: 'Search further back',
    older: 'Show older ones',
    leftQueue: 'From the history',
    taskLeft:
      'This task has left the queue, 7 days after it ended. What is known stands here; to run it again, submit its dataset anew.',
    executionLeft:
      'This execution has left the queue, 7 days after it ended. What is known stands here; to run it again, submit it anew.',
  },
  zh: {
    place: '查找范围',
    places: { queue: '队列中', history: '历史' },
    historyHint: '所有已结束的，尽历史所及；最后结束的在前。',
    dataset: '数据集',
    kind: '种类',
    allKinds: '所有种类',
    kinds: { tasks: '任务列表', group: '一组数据集', backfill: '按日补数' },
    submitted: '提交于',
    ended: '结束于',
    firstDay: (what: string) => `${what}该日（上海）或之后`,
    lastDay: (what: string) => `${what}该日（上海）或之前`,
    noneEnded: '还没有结束的',
    noneEndedHint: '结束后数秒内保存到这里，并一直保留。',
    lookedThrough: (found: number, lookedAt: number, more: boolean) =>
      `找到 ${found.toLocaleString('zh')} 个。已从新到旧查看 ${lookedAt.toLocaleString('zh')} 个，${more ? '还有更早的。' : '已到最早的。'}`,
    searchBack: '继续向前查找',
    older: '显示更早的',
    leftQueue: '来自历史',
    taskLeft: '该任务结束已满 7 天，已离开队列。此处为历史中保存的内容；如需再次运行，请重新提交其数据集。',
    executionLeft: '该执行结束已满 7 天，已离开队列。此处为历史中保存的内容；如需再次运行，请重新提交。',
  },
});
