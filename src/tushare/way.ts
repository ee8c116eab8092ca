/** How long the way to TuShare is, without a call and so without a permit: a connection, opened and closed. */
import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import { TaskError } from '../errors.ts';
import { type ProxyAddress, proxyScope } from './proxy-address.ts';
import { openTunnel } from './proxy-tunnel.ts';

export interface Way {
  /** host:port of TuShare. */
  to: string;
  /** host:port of the proxy; null: directly. */
  through: string | null;
  /** To connect: for https with the handshake, through a proxy with its answer. For http through a proxy only to it. */
  connect_ms: number;
}

type WayConfig = Pick<
  Config,
  'TUSHARE_API_URL' | 'TUSHARE_PROXY_URL' | 'NO_PROXY' | 'TUSHARE_HTTP_TIMEOUT_SECONDS'
>;

/**
 * @param limitMs for all of it
 * @throws TaskError config_missing, or network that names the proxy or TuShare's host and never a password
 */
export async function measureWay(config: WayConfig, limitMs = 10_000): Promise<Way> {
  const api = URL.canParse(config.TUSHARE_API_URL) ? new URL(config.TUSHARE_API_URL) : null;
  if (!api || !/^https?:$/.test(api.protocol))
    throw new TaskError('config_missing', 'TUSHARE_API_URL is not a http:// or https:// URL.');
  const secure = api.protocol === 'https:';
  const host = api.hostname.replace(/^\[|\]$/g, '');
  const port = Number(api.port || (secure ? 443 : 80));
  const proxy = proxyScope(config)?.proxy ?? null;
  const began = monotonicMs();
  const socket = await connect({ host, port, secure, proxy }, limitMs);
  socket.destroy();
  const connect_ms = Math.round((monotonicMs() - began) * 10) / 10;
  return { to: `${host}:${port}`, through: proxy?.name ?? null, connect_ms };
}

interface Target {
  host: string;
  port: number;
  secure: boolean;
  proxy: ProxyAddress | null;
}

async function connect({ host, port, secure, proxy }: Target, limitMs: number): Promise<Socket> {
  const servername = net.isIP(host) ? {} : { servername: host };
  if (secure && proxy) {
    const socket = await openTunnel({ host, port, proxy, tls: servername }, limitMs);
    return await standing(
      socket,
      'secureConnect',
      `${host}:${port} through the proxy ${proxy.name}`,
      limitMs,
    );
  }
  if (secure)
    return standing(tls.connect({ host, port, ...servername }), 'secureConnect', `${host}:${port}`, limitMs);
  if (!proxy) return standing(net.connect(port, host), 'connect', `${host}:${port}`, limitMs);
  return standing(net.connect(proxy.port, proxy.hostname), 'connect', `the proxy ${proxy.name}`, limitMs);
}

async function standing(socket: Socket, event: string, where: string, limitMs: number): Promise<Socket> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  try {
    await once(socket, event, { signal: late.signal });
    socket.on('error', () => {}); // it is only destroyed from here on
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    const why = late.signal.aborted ? `no answer within ${limitMs / 1000} s` : codeOf(error);
    throw new TaskError('network', `${where} can't be reached (${why}).`);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
