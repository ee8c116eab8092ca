/** What went wrong, in the language of the page: the API's sentence, and in Chinese the meaning of its code before it. */
import { inChinese } from '../../cli/error-words.ts';
import { ApiFailure } from '../api/ask.ts';
import { commonWords } from './common.ts';
import { type Language, useLanguage } from './language.tsx';

export function errorText(language: Language, error: Error): string {
  if (!(error instanceof ApiFailure)) return error.message;
  if (error.code === 'UNREACHABLE') return commonWords[language].unreachable;
  return language === 'zh' ? inChinese(error.code, error.message) : error.message;
}

export function useErrorText(error: Error): string {
  return errorText(useLanguage().language, error);
}
