/**
 * Why no connection to Postgres came about, in words for people: the driver's own may name hosts and users. One table
 * for tasks that wait, /health and `dayline doctor`.
 */

export interface ConnectFault {
  /** Who can mend it: `setting` a person who corrects DATABASE_URL, `away` whoever brings Postgres back. */
  kind: 'setting' | 'away';
  message: string;
}

const FAULTS: [code: RegExp, fault: ConnectFault][] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, { kind: 'setting', message: 'no host of the name in DATABASE_URL is known' }],
  [/^28/, { kind: 'setting', message: 'login refused: look at user and password in DATABASE_URL' }],
  [/^3D000$/, { kind: 'setting', message: 'the database that DATABASE_URL names does not exist' }],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, { kind: 'away', message: 'unreachable' }],
  [/^53300$/, { kind: 'away', message: 'it takes no more connections' }],
  [/^57P03$/, { kind: 'away', message: 'starting up or shutting down' }],
];

/**
 * What an error says of a connection that could not be made; null for every other error, also of a connection that
 * was made and broke.
 */
export function connectFault(error: unknown): ConnectFault | null {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return null;
  return FAULTS.find(([pattern]) => pattern.test(code))?.[1] ?? null;
}
