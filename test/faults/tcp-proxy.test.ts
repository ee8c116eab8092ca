/** The proxy leaves no socket open, whoever goes first: one that stays keeps the process of a test alive for ever. */
import { once } from 'node:events';
import net from 'node:net';
import t from 'tap';
import { eventually } from '../scheduler/support/in-process.ts';
import { startTcpProxy } from './support/tcp-proxy.ts';

const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

t.test('a client that is gone before the answer comes', async (t) => {
  const asked = Promise.withResolvers<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => asked.resolve(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const before = sockets();
  const proxy = await startTcpProxy(t, (server.address() as net.AddressInfo).port);
  const client = net.connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
  client.write('ask');
  const answering = await asked.promise;
  client.destroy();
  await once(answering, 'end'); // the proxy has noticed, and said so
  answering.end('answer');
  await eventually('no socket is left', () => sockets() <= before);
  t.equal(sockets(), before);
});
