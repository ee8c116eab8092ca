/**
 * The one skeleton of every background part (window, locks, puller, reaper, …): start, stop, and a failure
 * that is told to the parent instead of being swallowed.
 */
export interface Service {
  /** The name that stands in logs and in /health. */
  readonly name: string;
  /**
   * Resolves when the service works; rejects when it can't.
   * @param crash told at most once, when the service can't go on after it had started.
   */
  start(crash: Crash): Promise<void>;
  /** Ends it and frees what it holds. Stopping twice, or without a start, is harmless. */
  stop(): Promise<void>;
}

export type Crash = (error: Error) => void;

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
