/**
 * The datasets that come with Dayline: the default exports of src/datasets/<group>/<name>.ts, names with `-` for
 * `_`. The folders are the list; a thread imports only the one that its task names.
 */
import { readdirSync } from 'node:fs';
import type { TableDataset } from './dataset.ts';
import { GROUPS } from './groups.ts';

let files: ReadonlyMap<string, string> | undefined;

/** The dataset of this name, or undefined where Dayline has none. Imports one file. */
export async function findBuiltIn(name: string): Promise<TableDataset | undefined> {
  const url = builtInFiles().get(name);
  return url === undefined ? undefined : ((await import(url)).default as TableDataset);
}

/** All of them, in the order of the groups. Imports every file. */
export function allBuiltIn(): Promise<TableDataset[]> {
  return Promise.all(
    [...builtInFiles().values()].map(async (url) => (await import(url)).default as TableDataset),
  );
}

/** URL of each declaration by the name of its dataset. */
export function builtInFiles(): ReadonlyMap<string, string> {
  files ??= new Map(readFolders());
  return files;
}

function readFolders(): [name: string, url: string][] {
  const here = new URL('.', import.meta.url);
  const present = new Set(readdirSync(here));
  const folders = Object.keys(GROUPS).map((group) => group.replaceAll('_', '-'));
  return folders
    .filter((folder) => present.has(folder))
    .flatMap((folder) =>
      readdirSync(new URL(folder, here))
        .map((file): [string, string] => [nameOf(file), new URL(`${folder}/${file}`, here).href])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
}

const nameOf = (file: string): string => file.replace(/\.ts$/, '').replaceAll('-', '_');
