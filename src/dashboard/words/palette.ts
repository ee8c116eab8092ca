/** Words of the search over everything. */
import { words } from './language.tsx';

export const paletteWords = words({
  en: {
    open: 'Search (Ctrl+K)',
    placeholder: 'A page, a dataset, or the beginning of an id',
    pages: 'Pages',
    datasets: 'Datasets',
    task: 'Task',
    execution: 'Execution',
    byId: 'Tasks and executions',
    searching: 'Searching …',
    none: 'Nothing is named so. Of an id, its first three characters are needed.',
    noHistory: 'Postgres does not answer: only the last 7 days were searched.',
    shortcut: 'Search pages, datasets and ids',
  },
  zh: {
    open: '搜索（Ctrl+K）',
    placeholder: '页面、数据集，或 ID 的开头',
    pages: '页面',
    datasets: '数据集',
    task: '任务',
    execution: '执行',
    byId: '任务与执行',
    searching: '搜索中…',
    none: '没有匹配项。按 ID 搜索至少需要前三个字符。',
    noHistory: 'Postgres 没有应答：只搜索了最近 7 天。',
    shortcut: '搜索页面、数据集和 ID',
  },
});
