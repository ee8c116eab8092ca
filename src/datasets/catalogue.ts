/** The datasets by name. Pure; own-datasets.ts fills it. */
import { ApiError, ConfigError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { didYouMean } from './did-you-mean.ts';
import { faultsOf } from './faults.ts';

export class Catalogue {
  readonly #byName: ReadonlyMap<string, Dataset>;

  /** @throws ConfigError when a declaration can't be used or a name is taken twice. */
  constructor(datasets: readonly Dataset[]) {
    const byName = new Map<string, Dataset>();
    for (const dataset of datasets) {
      const faults = faultsOf(dataset);
      if (byName.has(dataset.name)) faults.push('the name is taken');
      if (faults.length) throw new ConfigError(`Dataset ${dataset.name}: ${faults.join('; ')}`);
      byName.set(dataset.name, dataset);
    }
    this.#byName = byName;
  }

  find(name: string): Dataset | undefined {
    return this.#byName.get(name);
  }

  /** @throws ApiError UNKNOWN_DATASET that suggests the nearest name. */
  get(name: string): Dataset {
    const dataset = this.find(name);
    if (dataset) return dataset;
    const shown = name.slice(0, 60);
    throw new ApiError('UNKNOWN_DATASET', `There is no dataset ${shown}${didYouMean(shown, this.names())}`);
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  all(): Dataset[] {
    return [...this.#byName.values()];
  }
}
