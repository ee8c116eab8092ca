import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../shared/tushare/data');

/** The folder of recorded TuShare data beside the repository, or null where it is absent. */
export const realData: string | null = existsSync(FOLDER) ? FOLDER : null;

/** For tap's `skip`: says that and why a test on real data is skipped, false when it can run. */
export const skipWithoutRealData: string | false =
  realData === null ? 'skipped: the recorded market data in ../shared/tushare/data is absent' : false;
