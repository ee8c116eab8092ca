/** What is wrong with an answer; nothing should be. */
import Schema from 'typebox/schema';
import type { Operation } from './document.ts';

export interface FuzzAnswer {
  status: number;
  type: string;
  text: string;
}

type Fault = string;
/** A stack, or a file of this machine. */
const INSIDES = /\n\s+at |node_modules|file:\/\/|\.ts:\d+|\/work\/|\/root\/|\/home\/|\/usr\/lib/;

/** @param secrets what no answer may hold */
export function judge(operation: Operation, answer: FuzzAnswer, secrets: readonly string[]): Fault[] {
  const { status, text } = answer;
  const faults: Fault[] = [];
  if (status >= 500) faults.push(`answered ${status}`);
  if (secrets.some((secret) => text.includes(secret))) faults.push('tells a secret');
  const insides = INSIDES.exec(text);
  // what was sent may come back in a message
  if (insides && !/etc\/passwd/.test(text)) faults.push(`tells its insides: ${insides[0].trim()}`);
  return [...faults, ...shapeFaults(operation, answer)];
}

function shapeFaults({ path, answers }: Operation, { status, type, text }: FuzzAnswer): Fault[] {
  const key = [String(status), `${Math.floor(status / 100)}XX`].find((one) => answers.has(one));
  if (key === undefined) return status < 400 ? [`${status} is not in the document`] : envelopeFaults(text);
  const schema = answers.get(key);
  if (!schema) return [];
  if (!type.startsWith('application/json')) return [`${status} is no JSON but ${type}`];
  const value = parsed(text);
  if (value === undefined) return [`${status} can't be parsed`];
  const [fits, errors] = Schema.Errors(schema, value);
  const [error] = errors;
  const faults = fits ? [] : [`${status} is not as described: ${error?.instancePath} ${error?.message}`];
  return path.startsWith('/api/v1') ? [...faults, ...envelopeFaults(text)] : faults;
}

function envelopeFaults(text: string): Fault[] {
  const value = parsed(text) as Record<string, unknown> | undefined;
  const fits =
    typeof value === 'object' &&
    value !== null &&
    typeof value.success === 'boolean' &&
    (value.code === null || typeof value.code === 'string') &&
    typeof value.message === 'string' &&
    'data' in value &&
    (value.success || value.data === null);
  return fits ? [] : ['no envelope'];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
