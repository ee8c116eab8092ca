/** "about 12 min left". */
import { words } from './language.tsx';

export const timeLeftWords = words({
  en: {
    left: (time: string) => `about ${time} left`,
    seconds: (count: number, _minutes: number) => `${count} s`,
    minutes: (count: number, _minutes: number) => `${count} min`,
    hours: (hours: number, minutes: number) => (minutes ? `${hours} h ${minutes} min` : `${hours} h`),
  },
  zh: {
    left: (time: string) => `约剩 ${time}`,
    seconds: (count: number) => `${count} 秒`,
    minutes: (count: number) => `${count} 分钟`,
    hours: (hours: number, minutes: number) => (minutes ? `${hours} 小时 ${minutes} 分钟` : `${hours} 小时`),
  },
});
