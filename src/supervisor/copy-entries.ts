/** Copies entries of the audit list into Postgres: all of them, or none that could be stored later. */
import type { AuditEntry, Audited } from '../queue/audit-list.ts';
import { pauseEndedRuns } from '../store/ended-runs.ts';
import { EXECUTION_HISTORY, isRefusal, saveHistory, TASK_HISTORY } from '../store/history-tables.ts';
import type { Store } from '../store/store.ts';

/**
 * Resolves when their rows are committed; those that have none come back as `refused`, with why.
 * @throws the database's error when Postgres can't take them now
 */
export async function copyEntries(store: Store, entries: readonly AuditEntry[]): Promise<Audited[]> {
  const tasks = entries.flatMap(({ task }) => task ?? []);
  try {
    await saveHistory(store, TASK_HISTORY, tasks);
    await pauseEndedRuns(store, tasks);
    await saveHistory(
      store,
      EXECUTION_HISTORY,
      entries.flatMap(({ execution }) => execution ?? []),
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = entries;
    if (only && entries.length === 1) return [{ ...only, fate: 'refused', reason: error.message }];
    return await oneByOne(store, entries);
  }
  return entries.map((entry) =>
    entry.task || entry.execution
      ? { ...entry, fate: 'stored' }
      : { ...entry, fate: 'refused', reason: 'what it names is not in Redis' },
  );
}

/** One of them can't be stored; it must not hold up the others. */
async function oneByOne(store: Store, entries: readonly AuditEntry[]): Promise<Audited[]> {
  const audited: Audited[] = [];
  for (const entry of entries) audited.push(...(await copyEntries(store, [entry])));
  return audited;
}
