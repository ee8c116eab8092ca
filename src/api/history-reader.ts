/** The history as web asks for it. */
import type { DatabaseSettings } from '../store/connection.ts';
import { PostgresReader, type UnreadWords } from './postgres-reader.ts';

/** A person waits. */
const HISTORY_TIMEOUT_MS = 2_000;

export const HISTORY_WORDS: UnreadWords = {
  code: 'HISTORY_UNAVAILABLE',
  fault: "The history of tasks can't be read",
  silent: 'Postgres does not answer, or is not migrated',
  holder: 'The history',
};

export class HistoryReader extends PostgresReader {
  constructor(config: DatabaseSettings) {
    super(config, HISTORY_TIMEOUT_MS, HISTORY_WORDS);
  }
}
