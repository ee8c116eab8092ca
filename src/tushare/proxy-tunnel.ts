/**
 * The way to an https server through a proxy: CONNECT, then TLS through what the proxy has opened.
 *
 * In the place of global-agent's own (4.1.3), which takes the first chunk for the whole answer of the proxy, waits
 * for ever when the proxy says nothing or leaves, and checks a server that is named by its address against the name
 * of the proxy.
 */
import net, { type Socket } from 'node:net';
import tls, { type ConnectionOptions } from 'node:tls';
import { TaskError } from '../errors.ts';
import type { ProxyAddress } from './proxy-address.ts';

export interface TunnelTarget {
  host: string;
  port: number;
  proxy: ProxyAddress;
  tls: ConnectionOptions;
}

/** An answer to CONNECT is a few lines; past this it is none, in bytes. */
const LONGEST_HEAD = 16 * 1024;
const HEAD_END = '\r\n\r\n';

/**
 * @param limitMs for the proxy to answer; the handshake after it is the caller's to bound
 * @returns the TLS socket, on which the handshake is about to begin
 * @throws TaskError network that names the proxy, never its credentials
 */
export async function openTunnel(target: TunnelTarget, limitMs: number): Promise<Socket> {
  const { host, port, proxy } = target;
  const socket = net.connect(proxy.port, proxy.hostname);
  socket.on('error', () => {}); // taken where it is awaited, and by the TLS socket later
  const timer = setTimeout(
    () => socket.destroy(refused(proxy, `said nothing within ${limitMs / 1000} s`)),
    limitMs,
  );
  try {
    const opened = await answerToConnect(socket, target);
    if (opened.rest.length > 0) socket.unshift(opened.rest);
    const status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(opened.head)?.[1]);
    if (Number.isNaN(status)) throw refused(proxy, 'does not answer as a proxy does');
    if (status === 407 || status === 401)
      throw refused(proxy, `wants another user or password (HTTP ${status})`);
    if (status < 200 || status > 299) throw refused(proxy, `refused ${host}:${port} (HTTP ${status})`);
  } catch (error) {
    socket.destroy();
    throw error instanceof TaskError ? error : unreachable(proxy, error);
  } finally {
    clearTimeout(timer);
  }
  return tls.connect({ ...target.tls, socket, host });
}

/** The head of the proxy's answer, and what came after it in the same chunk. */
async function answerToConnect(
  socket: Socket,
  target: TunnelTarget,
): Promise<{ head: string; rest: Buffer }> {
  const { host, port, proxy } = target;
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const credentials =
    proxy.authorization === null
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(proxy.authorization).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
  return await new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    socket.once('error', reject);
    socket.once('close', () => reject(refused(proxy, 'closed the connection without an answer')));
    socket.on('data', function more(chunk: Buffer) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end < 0 && head.length <= LONGEST_HEAD) return;
      socket.off('data', more);
      socket.pause();
      if (end < 0) reject(refused(proxy, 'does not answer as a proxy does'));
      else resolve({ head: head.toString('latin1', 0, end), rest: head.subarray(end + HEAD_END.length) });
    });
  });
}

function refused(proxy: ProxyAddress, what: string): TaskError {
  return new TaskError('network', `the proxy ${proxy.name} ${what}.`);
}

function unreachable(proxy: ProxyAddress, error: unknown): TaskError {
  const { code, name } = error as NodeJS.ErrnoException;
  return refused(proxy, `can't be reached (${code ?? name})`);
}
