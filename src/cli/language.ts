/** English, or Chinese where the locale says so (LC_ALL before LC_MESSAGES before LANG, as POSIX has it). */
const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
const chinese = locale.startsWith('zh');

/** Picks the sentence in the language of the user. */
export function say(english: string, chineseText: string): string {
  return chinese ? chineseText : english;
}
