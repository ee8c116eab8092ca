/** Permits of the call window, as seen by whoever wants to call TuShare. */

/** The right to make one call before `use_by`. */
export interface Permit {
  /** By process.hrtime, in ms: a request written later must not use this permit (it stays counted). */
  readonly use_by: number;
  /**
   * The call has ended, or was not made: the slot is held for one window from now, then free. Once is enough.
   * @param cutShort no answer has come: the call may still be on its way, and counts from the latest moment at which
   * it could arrive.
   */
  used(cutShort?: boolean): void;
}

export interface PermitSource {
  /** Waits for a permit. @throws WindowClosed when none can come within 90 s. */
  acquire(api_name: string, options?: { interactive?: boolean; signal?: AbortSignal }): Promise<Permit>;
}

/** No permit before `until` (ms since the epoch): checkpoint, and give the thread back. */
export class WindowClosed extends Error {
  override readonly name = 'WindowClosed';
  readonly until: number;

  constructor(message: string, until: number) {
    super(message);
    this.until = until;
  }
}
