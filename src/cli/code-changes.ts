/** `dayline code-changes`: stocks whose code was replaced by another. */
import type { CodeChangesAnswer } from '../api/code-changes.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { shanghaiTime } from './times.ts';

/** Shows all of them, or those of one code. @returns exit code */
export async function showCodeChanges(
  client: ApiClient,
  code: string | undefined,
  shown: Shown,
): Promise<number> {
  const query = new URLSearchParams({ limit: '2000', ...(code && { code }) });
  const answer = await client.get<CodeChangesAnswer>(`/code-changes?${query}`);
  if (shown.json) return printJson(answer);
  if (answer.total === 0) {
    console.log(say('No code is known to have been replaced.', '没有已知的代码变更。'));
    return 0;
  }
  const header = say(
    'old code,new code,listed,noticed (Shanghai),alike in',
    '旧代码,新代码,上市日,发现日（上海）,相同之处',
  );
  const rows = answer.changes.map(({ old_code, new_code, list_date, noticed_at, reason }) => [
    old_code,
    new_code,
    list_date,
    shanghaiTime(noticed_at).slice(0, 10),
    reason.replace('same_', ''),
  ]);
  console.log(table(header.split(','), rows));
  return 0;
}
