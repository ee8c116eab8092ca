/** The datasets by name. Pure; own-datasets.ts adds the user's. */
import { ApiError, ConfigError } from '../errors.ts';
import { daily } from './daily.ts';
import { type Dataset, faultsOf } from './dataset.ts';
import { didYouMean } from './did-you-mean.ts';
import { stockBasic } from './stock-basic.ts';
import { tradeCal } from './trade-cal.ts';

export const BUILT_IN: readonly Dataset[] = [stockBasic, tradeCal, daily];

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
    throw new ApiError('UNKNOWN_DATASET', `There is no dataset ${shown}${didYouMean(shown, this.names())}`, {
      available: this.names(),
    });
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  all(): Dataset[] {
    return [...this.#byName.values()];
  }
}

/** The datasets that come with Dayline. */
export const catalogue = new Catalogue(BUILT_IN);
