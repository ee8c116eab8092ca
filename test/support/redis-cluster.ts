/** A private Redis Cluster for one test: three real nodes on loopback, each with a third of the slots. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisBinary } from '../../src/embedded/redis-binary.ts';
import { freshFolder } from './folder.ts';
import type { Torn } from './torn.ts';

const SLOTS = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const;
const PASSWORD = 'cluster-of-the-tests';
const LOOK_EVERY_MS = 20;

export interface FreshCluster {
  /** What REDIS_URL takes: the nodes, comma separated, with the password. */
  readonly url: string;
  /** SIGKILL to every node; resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts the nodes again on the same ports and data; resolves when the cluster takes commands. */
  restart(): Promise<void>;
}

/** Starts one; it ends and its data goes when the test does. Some 2.5 s: a node waits 2 s before it takes writes. */
export async function freshCluster(t: Torn): Promise<FreshCluster> {
  const ports = await Promise.all(SLOTS.map(freePort));
  const folders = ports.map(() => freshFolder(t, 'cluster'));
  let nodes: ChildProcess[] = [];
  const start = () => {
    nodes = ports.map((port, i) => startNode(port, folders[i] as string));
  };
  const kill = async () => {
    const running = nodes.filter((node) => node.exitCode === null && node.signalCode === null);
    const gone = running.map((node) => once(node, 'exit'));
    for (const node of running) node.kill('SIGKILL');
    await Promise.all(gone);
  };
  t.teardown(kill);
  const eachNode = (work: (node: Redis, i: number) => Promise<unknown>) =>
    Promise.all(
      ports.map(async (port, i) => {
        const node = new Redis(port, '127.0.0.1', { password: PASSWORD, retryStrategy: () => LOOK_EVERY_MS });
        node.on('error', () => {}); // it is still starting
        await work(node, i).finally(() => node.disconnect());
      }),
    );
  start();
  await eachNode(async (node, i) => {
    await node.cluster('ADDSLOTSRANGE', ...(SLOTS[i] as readonly [number, number]));
    const first = ports[0] as number;
    if (i > 0) await node.call('CLUSTER', 'MEET', '127.0.0.1', String(first), String(busPort(first)));
  });
  await eachNode(untilWhole);
  return {
    url: ports.map((port) => `redis://:${PASSWORD}@127.0.0.1:${port}`).join(','),
    kill,
    async restart() {
      await kill();
      start();
      await eachNode(untilWhole);
    },
  };
}

async function untilWhole(node: Redis): Promise<void> {
  for (;;) {
    const info = String(await node.cluster('INFO'));
    if (/cluster_state:ok/.test(info) && /cluster_size:3/.test(info)) return;
    await delay(LOOK_EVERY_MS);
  }
}

function startNode(port: number, dir: string): ChildProcess {
  const { file, env } = JSON.parse(process.env.DAYLINE_TEST_REDIS ?? '{}') as RedisBinary;
  const settings = {
    port,
    dir,
    bind: '127.0.0.1',
    save: '',
    appendonly: 'yes',
    requirepass: PASSWORD,
    'cluster-enabled': 'yes',
    'cluster-port': busPort(port),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return spawn(file, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
}

/** The port + 10,000 unless said otherwise, which may be past the last one. */
function busPort(port: number): number {
  return port > 55_000 ? port - 10_000 : port + 10_000;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
