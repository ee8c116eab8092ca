import type { Api } from './apis.ts';

/** What a request asks for, as far as a source selects by it. */
export interface Selection {
  /** ts_codes, or null for all. */
  readonly codes: readonly string[] | null;
  /** First and last date, YYYYMMDD, both included; compared as text, so '' and '99999999' are open ends. */
  readonly from: string;
  readonly to: string;
  /** All parameters; the caller filters by those named like a column, a source may do it earlier. */
  readonly params: Readonly<Record<string, string>>;
}

/** Where the simulator's rows come from: the generated market, or a folder of recorded data. */
export interface Source {
  /** What it is, in one line for people. */
  readonly description: string;
  /** Names of the APIs it can answer. */
  readonly apis: readonly string[];
  /**
   * Rows that match, newest first. A row is the JSON text of an array over ALL columns of the API, so that a
   * whole-market answer is one join. May stop after `atMost` rows. The array belongs to the source: read only.
   */
  rows(api: Api, selection: Selection, atMost: number): Promise<readonly string[]>;
}
