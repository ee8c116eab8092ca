/**
 * The settings travel to worker threads ready-made: the schema library that reads them costs a fresh thread
 * 150 ms (measured), and a replaced thread must take its next task within milliseconds.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { Config } from '../config.ts';

const KEY = 'dayline.config';

/** In the main thread, before the first worker thread starts. */
export function giveConfigToThreads(config: Config): void {
  setEnvironmentData(KEY, config);
}

/** In a worker thread. */
export function configOfThread(): Config {
  return getEnvironmentData(KEY) as unknown as Config;
}
