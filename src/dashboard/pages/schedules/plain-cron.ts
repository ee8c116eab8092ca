/** A schedule as people say it. */
import cronstrue from 'cronstrue';
import 'cronstrue/locales/zh_CN';
import type { Language } from '../../words/language.tsx';

/** @returns null when it can't be put into words: then the expression itself has to do */
export function plainCron(expression: string, language: Language): string | null {
  try {
    const locale = language === 'zh' ? 'zh_CN' : 'en';
    const text = cronstrue.toString(expression, { locale, use24HourTimeFormat: true, verbose: true });
    return language === 'zh' ? inOrder(text) : text;
  } catch (error) {
    // it throws texts
    if (error instanceof Error) throw error;
    return null;
  }
}

/** "在18:00, 每天" as it is said: "每天 18:00"; days before the time of day. */
function inOrder(text: string): string {
  const [time = '', ...days] = text.split(/, */).map((part) => part.replaceAll(/ +/g, ' ').trim());
  const at = /^在 ?(\d.*)$/.exec(time)?.[1];
  const said = days.map((part) => part.replace(' 和 ', '和')).join('，');
  return at ? `${said} ${at}` : [time, said].join('，');
}

/** "1 h 30 min" of minutes. */
export function plainMinutes(minutes: number, language: Language): string {
  const units = [
    [1440, 'day'],
    [60, 'hour'],
    [1, 'minute'],
  ] as const;
  let left = minutes;
  const parts: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0)
      parts.push(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count));
  }
  return parts.join(' ');
}
