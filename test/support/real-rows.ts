/** Rows of the recorded TuShare data beside the project (real-data.ts says where it is and when to skip). */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { realData } from './real-data.ts';

/** Rows of a CSV or CSV.gz; an empty cell is null, every other one the text as it stands in the file. */
export function realRows(path: string): Record<string, string | null>[] {
  const bytes = readFileSync(`${realData}/${path}`);
  const text = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  return parse(text, { columns: true, bom: true, cast: (value) => (value === '' ? null : value) });
}

/** Names of the files in a folder of the data, sorted. */
export function realFiles(folder: string): string[] {
  return readdirSync(`${realData}/${folder}`)
    .sort()
    .map((name) => `${folder}/${name}`);
}
