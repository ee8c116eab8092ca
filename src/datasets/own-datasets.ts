/** All datasets: those that come with Dayline and the user's own, in the folder that DATASETS_PATH names. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { allBuiltIn, findBuiltIn } from './built-in.ts';
import { Catalogue } from './catalogue.ts';
import { connectionTest } from './connection-test.ts';
import type { Dataset } from './dataset.ts';
import { faultsOf } from './faults.ts';
import { SYNC_JOB_DATASETS } from './sync-jobs.ts';

type OwnPath = Pick<Config, 'DATASETS_PATH'>;

const OWN_DATASET = /\.dataset\.(ts|js|mjs)$/;

/**
 * All of them, checked. A dataset that is a program is only declared here: its runner is not imported.
 * @throws ConfigError naming the file that can't be used.
 */
export async function loadCatalogue(config: OwnPath): Promise<Catalogue> {
  return new Catalogue([
    ...(await allBuiltIn()),
    connectionTest,
    ...SYNC_JOB_DATASETS,
    ...(await ownDatasets(config)),
  ]);
}

/**
 * The one of this name, or undefined: for threads, which run one dataset and must start within milliseconds.
 * @throws ConfigError naming the file that can't be used.
 */
export async function findDataset(config: OwnPath, name: string): Promise<Dataset | undefined> {
  const program = [connectionTest, ...SYNC_JOB_DATASETS].find((known) => known.name === name);
  if (program) return program;
  return (await findBuiltIn(name)) ?? (await ownDatasets(config)).find((own) => own.name === name);
}

/** The declarations (default exports of *.dataset.ts) in DATASETS_PATH, each checked by itself. */
export async function ownDatasets(config: OwnPath): Promise<Dataset[]> {
  if (!config.DATASETS_PATH) return [];
  const folder = resolve(config.DATASETS_PATH);
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError(`The folder that DATASETS_PATH names can't be read (${cause.code})`, { cause });
  });
  const own: Dataset[] = [];
  for (const file of files.filter((name) => OWN_DATASET.test(name)).sort()) {
    own.push(await importDeclaration(resolve(folder, file), file));
  }
  return own;
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
  const faults = faultsOf(declared as Dataset);
  if (faults.length)
    throw new ConfigError(
      `${file} in DATASETS_PATH declares a dataset that can't be used: ${faults.join('; ')}`,
    );
  return declared as Dataset;
}
