/** Free ports on loopback. */
import net from 'node:net';
import { PortTaken } from './embedded-error.ts';

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address() as net.AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}

/** A port of 127.0.0.1 that is free now: the preferred one or the next free above it; 0 takes any. */
export async function freePort(preferred = 0): Promise<number> {
  for (let port = preferred; port < preferred + 100 && port <= 65_535; port += 1) {
    const free = await tryListen(port);
    if (free) return free;
  }
  return (await tryListen(0)) as number;
}

/**
 * Starts something on a free port, as {@link freePort}. Between choosing a port and listening on it another process
 * may take it: then the next one is tried.
 * @param start rejects with PortTaken when that has happened
 */
export async function onFreePort<T>(preferred: number, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1, from = preferred; ; attempt += 1) {
    const port = await freePort(from);
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === 10) throw error;
      if (from !== 0) from = port + 1;
    }
  }
}
