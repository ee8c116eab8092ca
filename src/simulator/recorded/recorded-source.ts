import { findApi } from '../apis.ts';
import type { Source } from '../source.ts';
import { RecordedTable } from './recorded-table.ts';
import { TABLES } from './tables.ts';

/**
 * Real rows from a folder laid out like the project's shared data. Reads only file names; tables load when asked for.
 * @throws Error when the folder holds no stock list, calendar or daily rows.
 */
export function recordedSource(folder: string): Source {
  const tables = new Map<string, RecordedTable>();
  for (const [name, files] of Object.entries(TABLES)) {
    const api = findApi(name);
    if (!api) throw new Error(`no columns are declared for the recorded table ${name}`);
    const table = new RecordedTable(folder, api, files);
    if (!table.isEmpty) tables.set(name, table);
  }
  for (const needed of ['stock_basic', 'trade_cal', 'daily']) {
    if (!tables.has(needed)) throw new Error(`SIMULATOR_DATA holds no recorded ${needed} table`);
  }
  return {
    description: 'recorded market data',
    apis: [...tables.keys()],
    rows: async (api, selection, atMost) => tables.get(api.name)?.rows(selection, atMost) ?? [],
  };
}
