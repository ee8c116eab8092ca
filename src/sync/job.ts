/** What a run is made of: the datasets it fills, and the plan that is frozen when it begins. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import type { Unit } from './plan.ts';

/** A unit of a plan that may span several datasets. */
export interface RunUnit extends Unit {
  dataset: string;
  /** It failed in an earlier run: that it fails again says nothing about the others. */
  retry?: true;
}

export interface SyncJob {
  /** By name. */
  datasets: ReadonlyMap<string, TableDataset>;
  /** Units of one transaction, at most. */
  batch_size: number;
  /** A task that is done in several parts has a checkpoint for each; none: it has one only. */
  part?: string;
  /**
   * Ordered units. Called once, inside the transaction that makes the checkpoint.
   * @param warn takes sentences that are kept with the checkpoint and told at the end of the run
   */
  plan(client: ClientBase, warn: (sentence: string) => void): Promise<RunUnit[]>;
}

/** The dataset of a unit. @throws when the plan names one that the job doesn't have: a fault of the code. */
export function datasetOf(job: SyncJob, name: string): TableDataset {
  const dataset = job.datasets.get(name);
  if (!dataset) throw new Error(`the plan names ${name}, which is not among the datasets of the run`);
  return dataset;
}
