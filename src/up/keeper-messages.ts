/** What `up` and its keeper tell each other over the IPC channel. */
import type { ProcessIdentity } from '../../bootstrap/lock.mjs';
import type { RunningProcess } from './run-file.ts';

export type ToKeeper =
  /** First message. A server that isn't wanted is null. */
  | {
      type: 'start';
      home: string;
      redis: { port: number } | null;
      postgres: { port: number; database: string } | null;
    }
  /** The processes that use the servers: when `up` vanishes, they go first. */
  | { type: 'users'; processes: ProcessIdentity[] };

export type FromKeeper =
  | { type: 'say'; line: string }
  | { type: 'up'; redis_url: string | null; database_url: string | null; processes: RunningProcess[] }
  | { type: 'failed'; message: string };
