/** Datasets with a table of their own, for routes about what is stored; and what their plans lack, as an answer. */
import type { Catalogue } from '../datasets/catalogue.ts';
import type { TableDataset } from '../datasets/dataset.ts';
import { ApiError, TaskError } from '../errors.ts';

/** @throws ApiError UNKNOWN_DATASET; DATASET_UNAVAILABLE for a program, which fills tables of others */
export function tableDataset(catalogue: Catalogue, name: string): TableDataset {
  const dataset = catalogue.get(name);
  if (dataset.runner === undefined) return dataset;
  throw new ApiError(
    'DATASET_UNAVAILABLE',
    `${dataset.name} is a job without a table and a plan of its own: submit it, or ask for the datasets that it fills.`,
  );
}

/** What makes a plan impossible, for the caller: PREREQUISITE_MISSING names what to submit first. Others are thrown on. */
export function withPlanErrors<T>(plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    if (error.type === 'prerequisite_missing')
      throw new ApiError('PREREQUISITE_MISSING', `${error.message}.`);
    if (error.type === 'invalid_params') throw new ApiError('INVALID_PARAMS', `${error.message}.`);
    throw error;
  }
}
