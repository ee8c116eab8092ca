/** Puts what failed before at the head of a plan (R107). */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { unresolvedFailures } from '../store/sync-failures.ts';
import type { RunUnit } from './job.ts';

/** The units of unresolved failures of the job type first, each once; then the others. */
export async function retriesOf(
  client: Pick<ClientBase, 'query'>,
  job_type: string,
  units: readonly RunUnit[],
  datasets: ReadonlyMap<string, TableDataset>,
): Promise<RunUnit[]> {
  const failures = await unresolvedFailures(client, job_type);
  const waiting = failures.flatMap((failure) => failure.units).filter(({ dataset }) => datasets.has(dataset));
  const isIn = (unit: RunUnit, dataset: string, partition: string) =>
    unit.dataset === dataset && unit.partitions.includes(partition);
  const retried = new Set<RunUnit>();
  const first: RunUnit[] = [];
  for (const { dataset, partition, ...how } of waiting) {
    if (first.some((unit) => isIn(unit, dataset, partition))) continue;
    const planned = units.find((unit) => isIn(unit, dataset, partition));
    if (planned) retried.add(planned);
    first.push(planned ?? { dataset, partitions: [partition], expected: [null], ...how });
  }
  return [...first, ...units.filter((unit) => !retried.has(unit))];
}
