/** A private real redis-server for one test, with an append-only file, on a port of its own. */
import path from 'node:path';
import { startRedis } from '../../src/embedded/redis.ts';
import type { RedisBinary } from '../../src/embedded/redis-binary.ts';
import type { EmbeddedServer } from '../../src/embedded/server-process.ts';
import { freshFolder } from './folder.ts';
import type { Torn } from './torn.ts';

export interface FreshRedis {
  /** redis:// with the password; the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it as an operator would: what was acknowledged is on disk. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data (after stopping it, if it still runs). */
  restart(): Promise<void>;
  /** SIGSTOP: it accepts connections (the kernel does) and answers nothing. */
  freeze(): void;
  thaw(): void;
}

/** Starts one; it ends and its data goes when the test does. About 30 ms. */
export async function freshRedis(t: Torn): Promise<FreshRedis> {
  const dir = path.join(freshFolder(t, 'redis'), 'data');
  const binary = binaryOfTheRun();
  let server: EmbeddedServer = await startRedis({ dir, binary });
  const { url, port } = server;
  const thaw = () => signal('SIGCONT');
  const signal = (name: NodeJS.Signals) => process.kill(server.pid, name);
  const kill = async () => {
    if (server.running()) signal('SIGKILL');
    await server.exited;
  };
  t.teardown(kill);
  return {
    url,
    port,
    get pid() {
      return server.pid;
    },
    stop: () => server.stop(),
    kill,
    async restart() {
      await server.stop();
      server = await startRedis({ dir, binary, port });
    },
    freeze: () => signal('SIGSTOP'),
    thaw,
  };
}

function binaryOfTheRun(): RedisBinary {
  const given = process.env.DAYLINE_TEST_REDIS;
  if (!given) throw new Error('No Redis for tests: run them with `npm test -- <file>`.');
  return JSON.parse(given);
}
