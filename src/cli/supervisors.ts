/** `dayline supervisors`, `dayline drain` and `dayline resume`: who works, and who is to take nothing new. */
import type { SupervisorView } from '../api/supervisors.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';

/** Lists those that were heard within the last minute. @returns exit code */
export async function showSupervisors(client: ApiClient, shown: Shown): Promise<number> {
  const { supervisors } = await client.get<{ supervisors: SupervisorView[] }>('/supervisors');
  if (shown.json) return printJson(supervisors);
  if (supervisors.length === 0) {
    console.log(say('No supervisor is alive.', '没有存活的 supervisor。'));
    return 0;
  }
  const header = say(
    'supervisor,state,process,version,threads,runs,heartbeat',
    'supervisor,状态,进程,版本,线程,运行,心跳',
  );
  const rows = supervisors.map((one) => [
    one.supervisor_id,
    stateOf(one),
    `${one.host ?? '?'}:${one.pid ?? '?'}`,
    one.version,
    one.threads,
    one.running.length,
    `${one.heartbeat_age_seconds.toFixed(1)} s`,
  ]);
  console.log(table(header.split(','), rows));
  return 0;
}

function stateOf({ alive, draining }: SupervisorView): string {
  if (!alive) return say('lost', '失联');
  return draining ? say('draining', '排空中') : say('alive', '存活');
}

/** Lets a supervisor end what it runs and take nothing new. @returns exit code */
export async function drain(client: ApiClient, supervisorId: string, shown: Shown): Promise<number> {
  const answer = await client.post(`/supervisors/${encodeURIComponent(supervisorId)}/drain`);
  if (shown.json) return printJson(answer);
  console.log(
    say(
      `${supervisorId} drains: what it runs ends, and within 2 s it takes nothing new. \`npx dayline resume ${supervisorId}\` takes it back.`,
      `${supervisorId} 正在排空：运行中的任务会继续完成，2 秒内不再领取新任务。可用 \`npx dayline resume ${supervisorId}\` 恢复。`,
    ),
  );
  return 0;
}

/** Lets a supervisor that drains take tasks again. @returns exit code */
export async function resume(client: ApiClient, supervisorId: string, shown: Shown): Promise<number> {
  const answer = await client.post(`/supervisors/${encodeURIComponent(supervisorId)}/resume`);
  if (shown.json) return printJson(answer);
  console.log(
    say(`${supervisorId} takes tasks again, within 2 s.`, `${supervisorId} 将在 2 秒内恢复领取任务。`),
  );
  return 0;
}
