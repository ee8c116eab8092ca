/** The concept job: the list of boards, then the members of each; a board that fails holds up no other. */
import type { Store } from '../store/store.ts';
import { firstPart, type RunContext, type RunOutcome } from './context.ts';
import type { SyncJob } from './job.ts';
import { readMarket } from './market.ts';
import { planUnits } from './plan.ts';
import { retriesOf } from './retries.ts';
import { runJob, tableDatasetOf } from './run.ts';

/** Runs `concept.incremental`. @throws as runJob */
export async function runConcepts(context: RunContext, store: Store): Promise<RunOutcome> {
  const boards = await runJob(firstPart(context), store, await jobFor(context, 'ths_index', 'ths_index'));
  if (boards.kind === 'paused') return boards;
  const members = await runJob(context, store, await jobFor(context, 'ths_member'), true);
  if (members.kind === 'paused') return members;
  return { kind: 'completed', records_processed: boards.records_processed + members.records_processed };
}

/** All of a dataset. */
async function jobFor(context: RunContext, name: string, part?: string): Promise<SyncJob> {
  const dataset = await tableDatasetOf(context, name);
  const datasets = new Map([[name, dataset]]);
  return {
    datasets,
    batch_size: context.config.SYNC_DAILY_HISTORY_BATCH_SIZE,
    ...(part && { part }),
    async plan(client) {
      const market = await readMarket(client, dataset, 'full', {});
      const units = planUnits(dataset, 'full', {}, market, new Date());
      return retriesOf(
        client,
        context.task.job_type,
        units.map((unit) => ({ dataset: name, ...unit })),
        datasets,
      );
    },
  };
}
