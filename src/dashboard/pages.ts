/** The pages in the order of the navigation, each with its address and the key behind `g`. */
export const PAGES = [
  { name: 'overview', path: '/', key: 'o' },
  { name: 'coverage', path: '/coverage', key: 'c' },
  { name: 'executions', path: '/executions', key: 'e' },
  { name: 'tasks', path: '/tasks', key: 't' },
  { name: 'datasets', path: '/datasets', key: 'd' },
  { name: 'schedules', path: '/schedules', key: 's' },
  { name: 'activity', path: '/activity', key: 'a' },
  { name: 'workers', path: '/workers', key: 'w' },
  { name: 'system', path: '/system', key: 'h' },
] as const;
export type PageName = (typeof PAGES)[number]['name'];
