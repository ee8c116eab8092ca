/** `dayline actions`: what was done through the API, by whom. */
import type { ActionView } from '../api/actions.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { shanghaiTime } from './times.ts';

export interface ActionsOptions extends Shown {
  actor?: string;
  target?: string;
  from?: string;
  limit?: string;
}

/** Shows the last ones first. @returns exit code */
export async function showActions(client: ApiClient, options: ActionsOptions): Promise<number> {
  const { json, ...filter } = options;
  const page = await client.get<{ actions: ActionView[]; waiting: number | null }>(
    `/actions?${new URLSearchParams(filter)}`,
  );
  if (json) return printJson(page);
  const { actions, waiting } = page;
  const header = say(
    'when (Shanghai),who,from,what,on what,outcome',
    '时间（上海）,操作者,来自,操作,对象,结果',
  );
  const rows = actions.map(({ at, actor, role, address, method, route, target, outcome }) => [
    shanghaiTime(at),
    `${actor} (${role})`,
    address,
    `${method} ${route.replace('/api/v1', '')}`,
    target,
    outcome,
  ]);
  console.log(
    actions.length === 0 ? say('Nothing was done yet.', '还没有任何操作。') : table(header.split(','), rows),
  );
  if (waiting) console.log(say(`${waiting} more wait in Redis.`, `另有 ${waiting} 条在 Redis 中等待写入。`));
  return 0;
}
