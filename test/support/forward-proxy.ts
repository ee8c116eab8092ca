/** A small forward proxy, http (absolute URI) and https (CONNECT), that insists on its password and can misbehave. */
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Torn } from './torn.ts';

export interface ForwardProxy {
  readonly port: number;
  /** Targets in the order of asking: URLs for http, `CONNECT host:port` for https. */
  readonly forwarded: string[];
  /** Requests that it refused with 407. */
  refused: number;
  /** http:// URL with user and password percent-encoded. */
  url(user?: string, password?: string): string;
}

export const PROXY_USER = 'us er@corp';
export const PROXY_PASSWORD = 'p@ss:w/rd %41"ü';

/** @param answerConnect what to say to CONNECT in the place of the tunnel; by default the tunnel, in two chunks */
export async function forwardProxy(t: Torn, answerConnect?: (socket: Socket) => void): Promise<ForwardProxy> {
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    if (!knows(request)) {
      proxy.refused += 1;
      response.writeHead(407, { 'x-echo': 'you sent a wrong password' }).end();
      return;
    }
    proxy.forwarded.push(request.url ?? '');
    const { method, headers } = request;
    delete headers['proxy-authorization'];
    const onward = http.request(request.url ?? '', { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request: http.IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {});
    if (!knows(request)) {
      proxy.refused += 1;
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    proxy.forwarded.push(`CONNECT ${request.url}`);
    if (answerConnect) return answerConnect(socket);
    const { hostname, port } = new URL(`tunnel://${request.url}`);
    const onward = net.connect(Number(port), hostname, () => {
      socket.setNoDelay(true);
      socket.write('HTTP/1.1 200 Connection');
      setImmediate(() => {
        socket.write(' established\r\nVia: small\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
    });
    onward.once('error', () => socket.destroy());
    socket.once('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const proxy: ForwardProxy = {
    port,
    forwarded: [],
    refused: 0,
    url: (user = PROXY_USER, password = PROXY_PASSWORD) =>
      `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
  };
  return proxy;
}

function knows(request: http.IncomingMessage): boolean {
  const credentials = Buffer.from(`${PROXY_USER}:${PROXY_PASSWORD}`).toString('base64');
  return request.headers['proxy-authorization'] === `Basic ${credentials}`;
}
