/** A TCP proxy before Redis, one for each supervisor, that can cut its connections or hold back what they carry. */
import { once } from 'node:events';
import net from 'node:net';
import type { Torn } from '../../support/torn.ts';

export interface TcpProxy {
  readonly port: number;
  /** Resets what is connected and whatever tries to connect, until restored. */
  cut(): void;
  /** Keeps connections open and delivers nothing, in either direction, until restored; then all of it. */
  stall(): void;
  restore(): void;
}

interface Pair {
  client: net.Socket;
  server: net.Socket;
}

/** @param target port of loopback. */
export async function startTcpProxy(t: Torn, target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let state: 'through' | 'cut' | 'stalled' = 'through';
  const listener = net.createServer({ noDelay: true }, (client) => {
    client.on('error', () => {});
    if (state === 'cut') return client.resetAndDestroy();
    const server = net.connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
    if (state === 'stalled') hold(pair);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const cut = () => {
    state = 'cut';
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  };
  t.teardown(() => {
    cut();
    listener.close();
  });
  return {
    port: (listener.address() as net.AddressInfo).port,
    cut,
    stall() {
      state = 'stalled';
      for (const pair of pairs) hold(pair);
    },
    restore() {
      if (state === 'stalled') for (const pair of pairs) release(pair);
      state = 'through';
    },
  };
}

/** One side that ends takes the other with it; what it has sent before still goes through. */
function join({ client, server }: Pair, gone: () => void): void {
  server.on('error', () => client.destroy());
  client.on('error', () => server.destroy());
  client.on('close', () => {
    server.end();
    // Nobody reads its answer any more: unread, it would keep the socket open, and with it the process of the test.
    server.resume();
  });
  server.on('close', () => {
    client.destroy();
    gone();
  });
  client.pipe(server);
  server.pipe(client);
}

function hold({ client, server }: Pair): void {
  client.unpipe(server);
  server.unpipe(client);
  client.pause();
  server.pause();
}

/** What a client sent before it gave up arrives now, as it does on a real wire. */
function release({ client, server }: Pair): void {
  client.pipe(server);
  server.pipe(client);
}
