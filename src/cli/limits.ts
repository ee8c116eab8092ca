/** `dayline limits` and `dayline reopen`: the budget of calls, and what TuShare has closed. */
import type { Limits } from '../api/limits.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { inShanghai, shanghaiTime } from './times.ts';

/** Shows how much of the call window is used, by whom, and what is closed. @returns exit code */
export async function showLimits(client: ApiClient, shown: Shown): Promise<number> {
  const limits = await client.get<Limits>('/limits');
  if (shown.json) return printJson(limits);
  const { pools, closures, quotas, opens_at } = limits;
  const header = say(
    'limit,used,free,next free (Shanghai),spent by',
    '限额,已用,可用,下次可用（上海）,使用者',
  ).split(',');
  const rows = pools.map(({ api_name, limit, window_seconds, used, free, next_free_at, spent_by }) => [
    `${api_name ?? 'token'} ${limit}/${window_seconds} s`,
    used,
    free,
    next_free_at === null ? '' : shanghaiTime(next_free_at).slice(11),
    spent_by.map(({ process, used }) => `${process} ${used}`).join(', '),
  ]);
  console.log(table(header, rows));
  if (opens_at)
    console.log(
      say(
        `Closed until ${inShanghai(opens_at)}: Redis had lost what it counted.`,
        `关闭至 ${inShanghai(opens_at)}：Redis 丢失了计数。`,
      ),
    );
  for (const { scope, reason, until } of closures) {
    const end = until === null ? say('you reopen it', '手动重新开放') : inShanghai(until);
    console.log(say(`${scope} is closed until ${end}: ${reason}`, `${scope} 已关闭至 ${end}：${reason}`));
  }
  for (const { api_name, calls_today, quota } of quotas)
    if (quota !== null)
      console.log(
        say(
          `${api_name}: ${calls_today} of ${quota} calls of today`,
          `${api_name}：今日 ${calls_today}/${quota} 次`,
        ),
      );
  return 0;
}

/** Opens an API, or `all`, that TuShare's refusals have closed. @returns exit code */
export async function reopen(client: ApiClient, scope: string, shown: Shown): Promise<number> {
  const answer = await client.post(`/limits/${encodeURIComponent(scope)}/reopen`);
  if (shown.json) return printJson(answer);
  console.log(say(`${scope} is open again.`, `${scope} 已重新开放。`));
  return 0;
}
