/** Redis or Postgres can't be brought up on this machine. The message says what is missing and what to do. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

/** The port was free when it was chosen, and another process has taken it since. */
export class PortTaken extends EmbeddedError {}
