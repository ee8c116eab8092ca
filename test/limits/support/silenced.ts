/** A way to a server whose connections can fall silent, as one through a firewall that forgets them. */
import { once } from 'node:events';
import net from 'node:net';
import type { Torn } from '../../support/torn.ts';

/** Passes connections on to a port. Those that stand at silence() stay open and say nothing any more; later ones work. */
export async function silencedOnce(t: Torn, target: number) {
  const pairs = new Set<net.Socket[]>();
  const listener = net.createServer((client) => {
    const server = net.connect(target, '127.0.0.1');
    pairs.add([client, server]);
    client.on('error', () => {}).pipe(server);
    server.on('error', () => {}).pipe(client);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.teardown(() => {
    for (const socket of [...pairs].flat()) socket.destroy();
    listener.close();
  });
  return {
    port: (listener.address() as net.AddressInfo).port,
    opened: () => once(listener, 'connection'),
    silence() {
      for (const socket of [...pairs].flat()) socket.unpipe().pause();
    },
  };
}
