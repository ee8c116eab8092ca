/** What `dayline tasks` and `dayline executions` look for, in the queue or in the history. */
import { type FoundPage, searchBack } from '../search-back.ts';
import type { ApiClient } from './client.ts';
import { say } from './language.ts';

const SHOWN = 20;
/** Answers that are read by themselves; each has looked through 1,000 at most. */
const ANSWERS_AT_MOST = 20;

/** Options that both commands have. */
export interface Listed {
  status?: string;
  /** Moments, ISO 8601: of the submission, in the history of the end. */
  from?: string;
  to?: string;
  history?: boolean;
  cursor?: string;
}

/** Reads on until there are enough to show, nothing is left, or so many answers were read. */
export function lookFor<Entry>(
  client: ApiClient,
  name: 'tasks' | 'executions',
  { history = false, cursor: from, ...filter }: Listed & Record<string, string | boolean | undefined>,
): Promise<FoundPage<Entry>> {
  const path = history ? `/history/${name}` : `/${name}`;
  const ask = async (limit: number, cursor: string | undefined): Promise<FoundPage<Entry>> => {
    const asked = { ...filter, limit: String(limit), ...(cursor && { cursor }) } as Record<string, string>;
    type Answer = Record<string, Entry[]> & { next_cursor: string | null; looked_at?: number };
    const answer = await client.get<Answer>(`${path}?${new URLSearchParams(asked)}`);
    const entries = answer[name] ?? [];
    // the history finds what it looks at
    return { entries, next_cursor: answer.next_cursor, looked_at: answer.looked_at ?? entries.length };
  };
  return searchBack(ask, { wanted: SHOWN, answers_at_most: ANSWERS_AT_MOST, from });
}

/** The command that goes on from there. @param options as they were given, by their names */
export function olderOnes(command: string, options: object, cursor: string): string {
  const given = Object.entries<unknown>({ ...options, cursor }).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${value}`,
  );
  const line = ['npx dayline', command, ...given].join(' ');
  return say(`Older ones: \`${line}\``, `更早的：\`${line}\``);
}
