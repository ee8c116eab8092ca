/** What the jobs are called in English. The API's names are Chinese (R117); somebody may have given one of their own. */
import type { Language } from './languages.ts';

/** By the name that the API gives a job which nobody has renamed. */
const ENGLISH: Record<string, string> = {
  日线历史同步: 'Daily bars, history',
  日线增量同步: 'Daily bars, each day',
  财务历史同步: 'Financial reports, history',
  财务增量同步: 'Financial reports, each day',
  概念数据同步: 'Concept boards',
  股票基础信息同步: 'List of stocks',
};

export function jobName(language: Language, name: string): string {
  return (language === 'en' && ENGLISH[name]) || name;
}
