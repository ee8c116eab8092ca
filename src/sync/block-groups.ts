/**
 * The groups of codes of the blocks that a run has begun. A block's groups are frozen, in `sync_tasks.config.groups`,
 * when its whole-market days are in; each is marked there in the transaction that stores it. Its days enter the ledger
 * with the last of them: a day is known only when all its codes are in.
 */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import type { RunOwner } from '../store/application-name.ts';
import { quoted } from '../store/sql.ts';
import type { Store } from '../store/store.ts';
import type { CodeRange } from './code-groups.ts';
import { coverageState } from './coverage.ts';
import { holdFence } from './fence.ts';
import type { FetchedUnit } from './fetch-unit.ts';
import type { RunUnit } from './job.ts';
import { type Entry, writeEntries } from './ledger-entries.ts';
import type { SyncRun } from './sync-task.ts';
import { partitionField } from './unit.ts';

export interface BlockGroup extends CodeRange {
  /** Its rows are committed. */
  stored?: true;
  /** Days of which none of its codes had a row. */
  short?: string[];
}

/** By index of the block's unit in the plan. */
export type BlockGroups = Record<number, BlockGroup[]>;

/** Freezes the groups of a block, with what the run has to say by now. @throws TaskError fenced */
export async function freezeGroups(
  store: Store,
  owner: RunOwner,
  { id, warnings }: Pick<SyncRun, 'id' | 'warnings'>,
  index: number,
  groups: readonly BlockGroup[],
): Promise<void> {
  await store.transaction(async (client) => {
    await holdFence(client, owner);
    const begun = { ...(await lockGroups(client, id)), [index]: groups };
    await writeConfig(client, id, { groups: begun, warnings });
  });
}

/** Marks the groups of a batch as stored, and enters the days of the blocks that are through. */
export async function storeGroups(
  client: ClientBase,
  dataset: TableDataset,
  sync_task_id: string,
  batch: readonly FetchedUnit[],
): Promise<void> {
  const groups = await lockGroups(client, sync_task_id);
  for (const { index, unit, short } of batch) {
    const group = groups[index]?.find(({ from }) => from === unit.group?.from);
    if (group) Object.assign(group, { stored: true, ...(short.length > 0 && { short }) });
  }
  for (const [index, unit] of new Map(batch.map(({ index, unit }) => [index, unit]))) {
    const own = groups[index];
    if (!own?.every(({ stored }) => stored)) continue;
    delete groups[index];
    const short = new Set(own.flatMap(({ short }) => short ?? []));
    await writeEntries(client, dataset, sync_task_id, await daysOf(client, dataset, unit, short));
  }
  await writeConfig(client, sync_task_id, { groups });
}

/** Blocks of which these groups are the last ones, by index. */
export function closedBy(groups: BlockGroups, batch: readonly FetchedUnit[]): number[] {
  const isIn = (index: number, { from, stored }: BlockGroup) =>
    stored || batch.some((fetched) => fetched.index === index && fetched.unit.group?.from === from);
  const indexes = new Set(batch.filter(({ unit }) => unit.group).map(({ index }) => index));
  return [...indexes].filter((index) => groups[index]?.every((group) => isIn(index, group)));
}

/** Marks them in the run's own memory, once they are committed. */
export function noteStored(groups: BlockGroups, batch: readonly FetchedUnit[]): void {
  for (const { index, unit } of batch) {
    const group = unit.group && groups[index]?.find(({ from }) => from === unit.group?.from);
    if (group) group.stored = true;
  }
}

async function lockGroups(client: ClientBase, sync_task_id: string): Promise<BlockGroups> {
  const { rows } = await client.query<{ groups: BlockGroups | null }>(
    `SELECT config->'groups' AS groups FROM sync_tasks WHERE id = $1 FOR UPDATE`,
    [sync_task_id],
  );
  return rows[0]?.groups ?? {};
}

async function writeConfig(client: ClientBase, sync_task_id: string, change: object): Promise<void> {
  await client.query(`UPDATE sync_tasks SET config = (config::jsonb || $2::jsonb)::json WHERE id = $1`, [
    sync_task_id,
    JSON.stringify(change),
  ]);
}

/**
 * A day that has so much less of its listed stocks than both whole-market days around it lacks some: fewer stocks trade
 * than on the worst of them by this share. It is `partial`, and so asked for again as a whole.
 */
const FALLS_SHORT = 0.05;

/** The ledger's entries of a block's days, by the rows that are stored. */
async function daysOf(
  client: ClientBase,
  dataset: TableDataset,
  unit: RunUnit,
  short: ReadonlySet<string>,
): Promise<Entry[]> {
  const stored = await countRows(client, dataset, unit.partitions);
  const least = (await leastShare(client, dataset, unit)) - FALLS_SHORT;
  return unit.partitions.map((partition, at) => {
    const expected = unit.expected[at] ?? null;
    const rows = stored.get(partition) ?? 0;
    const state = coverageState(dataset, rows, expected);
    const isShort = short.has(partition) || (expected !== null && rows < least * expected);
    return { partition, expected, rows, state: state === 'complete' && isShort ? 'partial' : state };
  });
}

async function countRows(
  client: ClientBase,
  dataset: TableDataset,
  days: readonly string[],
): Promise<Map<string, number>> {
  const day = quoted(partitionField(dataset.fetch) as string);
  const { rows } = await client.query<{ day: string; rows: number }>(
    `SELECT to_char(${day}, 'YYYYMMDD') AS day, count(*)::int AS rows FROM public.${quoted(dataset.name)}
     WHERE ${day} = ANY($1::date[]) GROUP BY 1`,
    [days],
  );
  return new Map(rows.map(({ day, rows }) => [day, rows]));
}

/**
 * The lower one of the shares of listed stocks that the whole-market days around the block brought. One that is not
 * published yet, as the last day of a history may be, says nothing; where both say nothing no day can be judged: 2 is
 * more than any has.
 */
async function leastShare(client: ClientBase, dataset: TableDataset, { block }: RunUnit): Promise<number> {
  const { rows } = await client.query<{ share: number | null }>(
    `SELECT min(least(1, fetched_rows::float8 / nullif(expected_rows, 0))) AS share FROM coverage
     WHERE dataset = $1 AND partition = ANY($2) AND fetched_rows > 0`,
    [dataset.name, block?.between],
  );
  return rows[0]?.share ?? 2;
}
