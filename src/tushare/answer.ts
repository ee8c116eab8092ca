/** Reads the body of an answer. Nothing in it is trusted: what doesn't fit the protocol is a typed error. */
import { TaskError } from '../errors.ts';
import type { TushareAnswer } from '../sync/context.ts';
import { classify, isKnownMessage, type Verdict } from './classify.ts';

export type Reading =
  | { kind: 'rows'; answer: TushareAnswer }
  | { kind: 'refused'; verdict: Verdict; code: number; message: string };

/**
 * @param body the decoded body
 * @throws TaskError tushare_bad_answer for anything that is neither rows nor a refusal: an empty success is never
 * made up. Its message says what was wrong, and quotes nothing of the answer.
 */
export function readAnswer(body: Buffer): Reading {
  const envelope = parse(body);
  if (!isRecord(envelope)) throw bad('not an object');
  const code = envelope.code;
  const message = firstText(envelope.msg, envelope.message);
  if (code === 0) return { kind: 'rows', answer: readRows(envelope.data) };
  const isCode = typeof code === 'number' && Number.isFinite(code);
  if (!isCode && !isKnownMessage(message)) throw bad('without a numeric code');
  const number = isCode ? code : Number.NaN;
  return { kind: 'refused', verdict: classify(number, message, Date.now()), code: number, message };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw bad(body.length === 0 ? 'empty' : 'not JSON'); // the parser's own message would quote the body
  }
}

function readRows(data: unknown): TushareAnswer {
  if (!isRecord(data)) throw bad('code 0 without data');
  const { fields, items, has_more } = data;
  if (!isNames(fields)) throw bad('data.fields is not a list of names');
  if (new Set(fields).size !== fields.length) throw bad('data.fields names a column twice');
  if (!Array.isArray(items)) throw bad('data.items is not a list');
  if (has_more !== undefined && has_more !== null && typeof has_more !== 'boolean')
    throw bad('data.has_more is not a boolean');
  if (has_more === true && items.length === 0) throw bad('data.has_more without a row');
  for (const [row, cells] of items.entries()) {
    if (!Array.isArray(cells)) throw bad(`row ${row} is not a list`);
    if (cells.length !== fields.length)
      throw bad(`row ${row} has ${cells.length} cells for ${fields.length} fields`);
  }
  return { fields, items, has_more: has_more === true };
}

function isNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string' && name !== '')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstText(...values: unknown[]): string {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? '';
}

function bad(what: string): TaskError {
  return new TaskError('tushare_bad_answer', `TuShare's answer can't be used: ${what}.`);
}
