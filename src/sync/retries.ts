/** Puts what failed before at the head of a plan (R107). */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { givenUp, unresolvedFailures } from '../store/sync-failures.ts';
import type { RunUnit } from './job.ts';
import { retriedTypes } from './sync-task.ts';

type Client = Pick<ClientBase, 'query'>;

/** The units of unresolved failures of an incremental job and of its history first, each once; then the others. */
export async function retriesOf(
  client: Client,
  job_type: string,
  units: readonly RunUnit[],
  datasets: ReadonlyMap<string, TableDataset>,
): Promise<RunUnit[]> {
  const failures = await unresolvedFailures(client, ...retriedTypes(job_type));
  const left = await leftForPeople(client, datasets);
  const isIn = (unit: RunUnit, dataset: string, partition: string) =>
    unit.dataset === dataset && unit.partitions.includes(partition);
  const retried = new Set<RunUnit>();
  const first: RunUnit[] = [];
  for (const { dataset, partition, ...how } of failures.flatMap((failure) => failure.units)) {
    if (!datasets.has(dataset) || left.has(`${dataset} ${partition}`)) continue;
    if (first.some((unit) => isIn(unit, dataset, partition))) continue;
    const planned = units.find((unit) => isIn(unit, dataset, partition));
    if (planned) retried.add(planned);
    first.push({
      ...(planned ?? { dataset, partitions: [partition], expected: [null], ...how }),
      retry: true,
    });
  }
  return [...first, ...units.filter((unit) => !retried.has(unit))];
}

/** `<dataset> <partition>` of what has failed as often as it may, and waits for a person. */
export async function leftForPeople(
  client: Client,
  datasets: ReadonlyMap<string, TableDataset>,
): Promise<Set<string>> {
  const left = await givenUp(client, [...datasets.keys()]);
  return new Set(left.map(({ dataset, partition }) => `${dataset} ${partition}`));
}
