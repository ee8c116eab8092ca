/** Datasets in Postgres as web reads them: the ledger, the calendar, rows. */
import type { DatabaseSettings } from '../store/connection.ts';
import { PostgresReader } from './postgres-reader.ts';

/** Planning reads the whole calendar. */
const DATA_TIMEOUT_MS = 5_000;

export class DataReader extends PostgresReader {
  constructor(config: DatabaseSettings) {
    super(config, DATA_TIMEOUT_MS, {
      code: 'DATABASE_UNAVAILABLE',
      fault: "What is stored can't be read",
      silent: 'Postgres does not answer in time, or is not migrated',
      holder: 'Postgres',
    });
  }
}
