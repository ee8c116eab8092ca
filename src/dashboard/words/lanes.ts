/** Words of what each supervisor ran lately. */
import { words } from './language.tsx';

export const laneWords = words({
  en: {
    title: 'Over time',
    hint: 'Each row holds what a supervisor ran one after the other; the last attempt of each task. Gaps are idle capacity.',
    chart: 'What each supervisor ran over time, by outcome; the list of ended tasks has the times.',
    back: 'How far back',
    spans: { '15m': '15 min', '1h': '1 hour', '6h': '6 hours' },
    threadEnded: 'its thread ended with it',
    threadEndedLegend: 'Thread killed, crashed or lost',
    lost: 'supervisor lost',
    none: 'Nothing ran in this time',
    since: 'Only the newest 2,000 are shown.',
    list: 'List of ended tasks',
  },
  zh: {
    title: '时间线',
    hint: '每行是一个 supervisor 依次运行的任务，只计每个任务的最后一次尝试；空白处为空闲。',
    chart: '各 supervisor 在各时段运行的任务及其结果；具体时间见已结束任务列表。',
    back: '时间范围',
    spans: { '15m': '15 分钟', '1h': '1 小时', '6h': '6 小时' },
    threadEnded: '其线程随之终止',
    threadEndedLegend: '线程被终止、崩溃或失联',
    lost: '失联的 supervisor',
    none: '这段时间没有任务运行',
    since: '只显示最新的 2,000 个。',
    list: '已结束任务列表',
  },
});
