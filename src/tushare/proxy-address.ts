/**
 * Where the proxy of TUSHARE_PROXY_URL is, and whether TuShare is called through it. Apart from proxy.ts, whose
 * library a thread without a proxy never loads.
 */

import { commaList } from '../comma-list.ts';
import type { Config } from '../config.ts';
import { TaskError } from '../errors.ts';

export interface ProxyAddress {
  hostname: string;
  port: number;
  /** user:password as they are, no longer percent-encoded; null where the URL names none. */
  authorization: string | null;
  /** host:port, for messages. */
  name: string;
}

/** What goes through the proxy. */
export interface ProxyScope {
  proxy: ProxyAddress;
  /** Requests to this host only: that of TUSHARE_API_URL, as URL.hostname writes it. */
  host: string;
  /** For the proxy to answer, in ms. */
  timeoutMs: number;
}

type ProxyConfig = Pick<
  Config,
  'TUSHARE_PROXY_URL' | 'TUSHARE_API_URL' | 'NO_PROXY' | 'TUSHARE_HTTP_TIMEOUT_SECONDS'
>;

const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/**
 * How TuShare is called through a proxy. null: directly, because there is no proxy or NO_PROXY names the host; or
 * not at all, because TUSHARE_API_URL can't be used (the client says so).
 * @throws TaskError config_missing for a proxy that can't be used; its URL is not quoted
 */
export function proxyScope(config: ProxyConfig): ProxyScope | null {
  if (!config.TUSHARE_PROXY_URL || !URL.canParse(config.TUSHARE_API_URL)) return null;
  const api = new URL(config.TUSHARE_API_URL);
  if (isExempt(api, config.NO_PROXY)) return null;
  const timeoutMs = config.TUSHARE_HTTP_TIMEOUT_SECONDS * 1000;
  return { proxy: proxyAddress(config.TUSHARE_PROXY_URL), host: api.hostname, timeoutMs };
}

/** @throws TaskError config_missing for a URL that can't be used; it is not quoted */
export function proxyAddress(url: string): ProxyAddress {
  try {
    const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(url);
    if (protocol !== 'http:' || pathname !== '/' || search || hash) throw new Error('not the URL of a proxy');
    const credentials = [username, password].map(decodeURIComponent); // throws at a stray percent sign
    return {
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      authorization: username || password ? credentials.join(':') : null,
      name: `${hostname}:${port || 80}`,
    };
  } catch {
    throw new TaskError('config_missing', 'TUSHARE_PROXY_URL is not a usable http:// URL.');
  }
}

/**
 * Whether NO_PROXY names the host of a URL. Its entries, separated by commas or spaces: a host (and, as everywhere,
 * the hosts below it), .domain or *.domain, either with :port; * is everybody.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || DEFAULT_PORTS[url.protocol];
  return commaList(noProxy.replace(/\s+/g, ',')).some((entry) => {
    const [, name = '', wantedPort] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (wantedPort !== undefined && wantedPort !== port) return false;
    const domain = name.replace(/^\*?\./, '');
    return name === '*' || host === domain || host.endsWith(`.${domain}`);
  });
}
