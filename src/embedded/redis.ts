/** A private Redis of our own: loopback, password, append-only file, nothing evicted. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedError, PortTaken } from './embedded-error.ts';
import { makePrivate, secretIn } from './home.ts';
import { onFreePort } from './port.ts';
import type { RedisBinary } from './redis-binary.ts';
import {
  type EmbeddedServer,
  endLeftovers,
  type ServerProcess,
  startServer,
  tailOf,
} from './server-process.ts';

export interface RedisOptions {
  dir: string;
  binary: RedisBinary;
  port?: number;
}

/** A large append-only file is read before the server answers: 1 GB takes some 10 s. */
const READY_WITHIN_MS = 120_000;

/**
 * Starts Redis on the data in `dir` (made if it isn't there), after ending one that an earlier run left on it.
 * @param port where it listens; none: any free one
 * @throws EmbeddedError when it doesn't come up; PortTaken when that is because of the port
 */
export function startRedis(options: RedisOptions): Promise<EmbeddedServer> {
  const { port } = options;
  return port ? startOn(port, options) : onFreePort(0, (free) => startOn(free, options));
}

async function startOn(port: number, options: RedisOptions): Promise<EmbeddedServer> {
  const dir = fs.realpathSync(makePrivate(options.dir));
  const password = secretIn(path.join(dir, 'password'));
  await endLeftovers(dir, /^(redis|valkey)-server/, 'SIGTERM');
  const conf = path.join(dir, 'redis.conf');
  fs.writeFileSync(conf, configuration({ dir, port, password }), { mode: 0o600 });
  const server = await startServer({
    file: options.binary.file,
    args: [conf],
    env: options.binary.env,
    cwd: dir,
    log: path.join(dir, 'redis.log'),
  });
  await untilItAnswers(server, port, password, path.join(dir, 'redis.log'));
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    port,
    pid: server.pid,
    exited: server.exited,
    running: server.running,
    stop: () => server.stop('SIGTERM', 20_000),
  };
}

/** The password stands in the file and not in argv, where every account of the machine could read it. */
function configuration({ dir, port, password }: { dir: string; port: number; password: string }): string {
  return `${[
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${dir.replace(/["\\]/g, '\\$&')}"`,
    `requirepass ${password}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""', // the append-only file is the copy on disk
    'maxmemory-policy noeviction', // a queue that evicts loses tasks
    'daemonize no',
  ].join('\n')}\n`;
}

async function untilItAnswers(server: ServerProcess, port: number, password: string, log: string) {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (!server.running()) {
      const said = tailOf(log, 3);
      if (said.includes('Address already in use')) throw new PortTaken(`Port ${port} is taken.`);
      throw new EmbeddedError(`Redis ended while starting: ${said}`);
    }
    if ((await ping(port, password)).includes('+PONG')) return;
    await sleep(10);
  }
  await server.stop('SIGTERM', 1000);
  throw new EmbeddedError(`Redis did not answer on port ${port} within ${READY_WITHIN_MS / 1000} s.`);
}

/** What a server answers to AUTH and PING; '' when nobody listens. While it still loads, PING says LOADING. */
function ping(port: number, password: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect({ port, host: '127.0.0.1' }, () =>
      socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`),
    );
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {}); // refused until it listens: 'close' follows and answers
    socket.on('close', () => resolve(answer));
  });
}
