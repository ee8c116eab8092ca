/** The web process as one thing: opened connections, the application, and a listening socket. */
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import { loadCatalogue } from '../datasets/own-datasets.ts';
import { ConfigError } from '../errors.ts';
import { openQueue } from '../queue/access.ts';
import { HistoryReader } from './history-reader.ts';
import { PostgresProbe } from './postgres-probe.ts';
import { buildServer } from './server.ts';

export interface Web {
  /** Where it listens, with the port it really got. */
  readonly url: string;
  /** Ends listening and the connections; requests in flight are answered. Twice is harmless. */
  stop(): Promise<void>;
}

/**
 * Starts web. Redis and Postgres may be away: it works as far as it can and recovers by itself (D6).
 * @throws ConfigError for settings it can't or mustn't start with, a port that is taken among them
 */
export async function startWeb(config: Config): Promise<Web> {
  const catalogue = await loadCatalogue(config);
  const access = openQueue(config, 'dayline:web');
  const history = new HistoryReader(config);
  try {
    const postgres = new PostgresProbe(config);
    const app = await buildServer({ ...access, catalogue, postgres, history });
    access.redis?.on('error', (error) => app.log.debug({ err: error }, 'Redis is away'));
    await app.listen({ host: config.HOST, port: config.PORT }).catch(explainTakenPort);
    const { port } = app.server.address() as AddressInfo;
    const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
    return {
      url: `http://${host}:${port}`,
      async stop() {
        await app.close();
        access.redis?.disconnect();
        await history.close();
      },
    };
  } catch (error) {
    access.redis?.disconnect();
    throw error;
  }
}

function explainTakenPort(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code !== 'EADDRINUSE') throw error;
  throw new ConfigError(`PORT ${error.port} is taken: name another one, or 0 for any free one.`);
}
