/** Words about who uses the page. */
import { words } from './language.tsx';

export const sessionWords = words({
  en: {
    title: 'Log in',
    text: 'This Dayline is open to those who have a token. Whoever runs it has set it as API_OPERATE_TOKENS or API_READ_TOKENS.',
    over: 'The session is over. Log in again: you come back to where you were.',
    token: 'Token',
    login: 'Log in',
    wrong: 'This token is not known.',
    keeps: 'It is not kept in the browser. The session holds for 12 hours, or until you log out.',
    logout: 'Log out',
    role: 'May',
    roles: { read: 'read only', operate: 'operate' },
    readOnly: 'Your token may only read.',
    account: (name: string) => `Logged in as ${name}`,
  },
  zh: {
    title: '登录',
    text: '此 Dayline 需要令牌。令牌由管理者设置在 API_OPERATE_TOKENS 或 API_READ_TOKENS 中。',
    over: '会话已结束，请重新登录；登录后回到原来的页面。',
    token: '令牌',
    login: '登录',
    wrong: '没有这个令牌。',
    keeps: '浏览器不保存令牌；会话持续 12 小时，或直到退出登录。',
    logout: '退出登录',
    role: '权限',
    roles: { read: '只读', operate: '可操作' },
    readOnly: '你的令牌只能查看。',
    account: (name: string) => `已登录：${name}`,
  },
});
