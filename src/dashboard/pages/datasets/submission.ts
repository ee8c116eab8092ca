/** What the dialog asks for, and the submission that it makes of it. */
import type { Submission } from '../../api/types.ts';

export interface SubmitForm {
  dataset: string;
  mode: string;
  /** YYYY-MM-DD or empty. */
  start: string;
  end: string;
  missing: boolean;
  /** A JSON object or empty. */
  more: string;
  priority: string;
}

export const EMPTY_FORM: SubmitForm = {
  dataset: '',
  mode: '',
  start: '',
  end: '',
  missing: false,
  more: '',
  priority: 'normal',
};

/** @returns null when it is no JSON object */
export function readMore(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Only history and backfill take a range of days. */
export const takesRange = (mode: string): boolean => mode === 'history' || mode === 'backfill';

export function submissionOf({ dataset, mode, start, end, missing, more, priority }: SubmitForm): Submission {
  const range = takesRange(mode);
  const params = {
    ...(range && start ? { start_date: start.replaceAll('-', '') } : {}),
    ...(range && end ? { end_date: end.replaceAll('-', '') } : {}),
    ...(mode === 'backfill' && missing ? { missing: true } : {}),
    ...readMore(more),
  };
  return { dataset, ...(mode ? { mode } : {}), params, priority };
}
