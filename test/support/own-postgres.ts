/** A real Postgres of the test's own, which it may stop, start again and freeze. About 1 s. */
import path from 'node:path';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { freshFolder } from './folder.ts';
import type { Torn } from './torn.ts';

export interface OwnPostgres {
  /** The same after a start. */
  readonly url: string;
  /** Ends it as an operator would: sessions are cut, what was committed is on disk. */
  stop(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** SIGSTOP: the kernel accepts new connections, nobody answers them. */
  freeze(): void;
  thaw(): void;
}

/** @param settings of the server, over Dayline's own */
export async function ownPostgres(t: Torn, settings: Record<string, string> = {}): Promise<OwnPostgres> {
  const home = freshFolder(t, 'own-postgres');
  const cache = process.env.DAYLINE_TEST_CACHE ?? path.join(home, 'cache');
  let server = await startPostgres({ home, cache, settings });
  const { url, port } = server;
  const thaw = () => {
    if (server.running()) process.kill(server.pid, 'SIGCONT');
  };
  t.teardown(async () => {
    thaw();
    await server.stop();
  });
  return {
    url,
    stop: () => server.stop(),
    async start() {
      server = await startPostgres({ home, cache, port, settings });
    },
    freeze: () => process.kill(server.pid, 'SIGSTOP'),
    thaw,
  };
}
