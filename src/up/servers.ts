/** The embedded Redis and Postgres as `up` sees them: a keeper process that holds them. */
import type { ProcessIdentity } from '../../bootstrap/lock.mjs';
import { EmbeddedError } from '../embedded/embedded-error.ts';
import { Child, KEEPER_STOP_LIMIT_MS } from './child.ts';
import type { FromKeeper, ToKeeper } from './keeper-messages.ts';
import type { RunningProcess } from './run-file.ts';

/** Preferred ports; the next free ones where they are taken. */
const POSTGRES_PORT = 8711;
const REDIS_PORT = 8712;

export interface ServersWanted {
  home: string;
  logs: string;
  redis: boolean;
  /** Name of the database in the embedded Postgres; null: none is wanted. */
  database: string | null;
  say: (line: string) => void;
  /** The keeper has ended, or a server does not come up again: nothing works any more. */
  onLost: (message: string) => void;
}

export class Servers {
  readonly keeper: Child;
  /** Which of them are wanted, for people. */
  readonly names: string;
  redisUrl: string | null = null;
  databaseUrl: string | null = null;
  #servers: RunningProcess[] = [];

  constructor(wanted: ServersWanted) {
    this.names = [wanted.redis && 'Redis', wanted.database && 'Postgres'].filter(Boolean).join(' and ');
    this.keeper = new Child('keeper', wanted.logs, process.env);
    this.#tell({
      type: 'start',
      home: wanted.home,
      redis: wanted.redis ? { port: REDIS_PORT } : null,
      postgres: wanted.database ? { port: POSTGRES_PORT, database: wanted.database } : null,
    });
    this.keeper.process.on('message', (message: FromKeeper) => {
      if (message.type === 'say') wanted.say(message.line);
      if (message.type === 'up') {
        this.redisUrl = message.redis_url;
        this.databaseUrl = message.database_url;
        this.#servers = message.processes;
      }
      if (message.type === 'failed') wanted.onLost(message.message);
    });
    void this.keeper.exited.then(() => wanted.onLost('The process that holds Redis and Postgres has ended.'));
  }

  /** The keeper and the servers it has started. */
  get processes(): RunningProcess[] {
    return [this.keeper.identity, ...this.#servers];
  }

  /** Resolves when the servers answer. @throws EmbeddedError saying what is missing and what to do */
  async ready(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.keeper.process.on('message', (message: FromKeeper) => {
        if (message.type === 'up') resolve();
        if (message.type === 'failed') reject(new EmbeddedError(message.message));
      });
      void this.keeper.exited.then(() => reject(new EmbeddedError('The keeper ended while starting.')));
    });
  }

  /** Tells the keeper who uses the servers, so that it waits for them when `up` vanishes. */
  usedBy(processes: ProcessIdentity[]): void {
    this.#tell({ type: 'users', processes });
  }

  /** Ends Redis, then Postgres. */
  stop(): Promise<void> {
    return this.keeper.stop(KEEPER_STOP_LIMIT_MS);
  }

  #tell(message: ToKeeper): void {
    if (this.keeper.process.connected) this.keeper.process.send(message, () => {}); // its end shows as 'exit'
  }
}
