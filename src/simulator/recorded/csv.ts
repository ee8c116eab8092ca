import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Api } from '../apis.ts';
import type { TableFiles } from './tables.ts';

const unzip = promisify(gunzip);

/** Lines read before other requests get their turn: about 5 ms, so that arrival times stay true while a file loads. */
const LINES_AT_ONCE = 3000;

export interface CsvRow {
  readonly code: string;
  /** The API's date column; '' for tables without one. */
  readonly date: string;
  /** JSON array over all columns of the API: absent columns and empty cells are null, numbers stand as in the file. */
  readonly text: string;
}

/**
 * Reads a recorded table (.csv or .csv.gz) and hands over its rows in the file's order.
 * @throws Error when the file is quoted CSV, which none of the recorded tables is.
 */
export async function readTable(
  path: string,
  api: Api,
  files: TableFiles,
  take: (row: CsvRow) => void,
): Promise<void> {
  const bytes = await readFile(path);
  const text = (path.endsWith('.gz') ? await unzip(bytes) : bytes).toString('utf8');
  if (text.includes('"'))
    throw new Error(`a recorded ${api.name} table has quoted cells, which can't be read`);
  const lines = text.split('\n');
  const header = (lines[0] ?? '').trim().split(',');
  const columns = api.columns.map((column) => ({
    place: header.indexOf(files.renamed?.[column.name] ?? column.name),
    quoted: column.type === 'text',
  }));
  const codePlace = header.indexOf('ts_code');
  const datePlace = api.dateColumn ? header.indexOf(api.dateColumn) : -1;
  for (let n = 1; n < lines.length; n++) {
    if (n % LINES_AT_ONCE === 0) await setImmediate();
    const line = lines[n]?.trim();
    if (!line) continue;
    const cells = line.split(',');
    let row = '';
    for (const { place, quoted } of columns) {
      const cell = cells[place] ?? '';
      row += cell === '' ? ',null' : quoted ? `,${JSON.stringify(cell)}` : `,${cell}`;
    }
    take({ code: cells[codePlace] ?? '', date: cells[datePlace] ?? '', text: `[${row.slice(1)}]` });
  }
}
