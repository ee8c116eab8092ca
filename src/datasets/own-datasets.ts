/** The user's own datasets: declarations in the folder that DATASETS_PATH names. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { BUILT_IN, Catalogue, catalogue } from './catalogue.ts';
import type { Dataset } from './dataset.ts';

const OWN_DATASET = /\.dataset\.(ts|js|mjs)$/;

/**
 * All datasets: Dayline's and the declarations (default exports of *.dataset.ts) in DATASETS_PATH.
 * A dataset that is a program is only declared here: its runner is not imported.
 * @throws ConfigError naming the file that can't be used.
 */
export async function loadCatalogue(config: Pick<Config, 'DATASETS_PATH'>): Promise<Catalogue> {
  if (!config.DATASETS_PATH) return catalogue;
  const folder = resolve(config.DATASETS_PATH);
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError(`The folder that DATASETS_PATH names can't be read (${cause.code})`, { cause });
  });
  const own: Dataset[] = [];
  for (const file of files.filter((name) => OWN_DATASET.test(name)).sort()) {
    own.push(await importDeclaration(resolve(folder, file), file));
  }
  return new Catalogue([...BUILT_IN, ...own]);
}

async function importDeclaration(path: string, file: string): Promise<Dataset> {
  let declared: unknown;
  try {
    const module = await import(pathToFileURL(path).href);
    // Loaders that turn the file into CommonJS put the default export one level deeper.
    declared = module.default?.default ?? module.default;
  } catch (cause) {
    throw new ConfigError(`${file} in DATASETS_PATH can't be imported: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (typeof declared !== 'object' || declared === null)
    throw new ConfigError(`${file} in DATASETS_PATH must default-export a dataset declaration`);
  return declared as Dataset;
}
