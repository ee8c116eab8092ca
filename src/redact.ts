/**
 * Takes secrets and machine paths out of a text before it is stored, logged or shown. The last line of defence:
 * whoever makes a message should not put them there in the first place.
 */
import { homedir, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { apiTokens } from './api-tokens.ts';
import { commaList } from './comma-list.ts';
import type { Config } from './config.ts';
import { scrubber } from './scrub.ts';

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A secret shorter than this would blot out ordinary words. */
const SHORTEST_SECRET = 4;
/** Robots' keys have 32 characters and more; the last word of another webhook's path is no secret. */
const SHORTEST_WEBHOOK_KEY = 16;
/** A parameter may hold a shorter one by chance (`demo`). */
const SHORTEST_UNMISTAKABLE = 8;

/** A function that masks every configured secret, in any of its forms (scrub.ts), and makes project paths relative. */
export function redactor(config: Config): (text: string) => string {
  const scrub = scrubber(secretsOf(config));
  return (text) => {
    let clean = text.replaceAll(`file://${PROJECT_ROOT}`, '').replaceAll(PROJECT_ROOT, '');
    for (const folder of [config.DAYLINE_HOME, homedir(), tmpdir()]) {
      if (folder.length > 1) clean = clean.replaceAll(folder, '~');
    }
    return scrub(clean);
  };
}

/** A function that masks every configured secret in a line of a log, where paths are of use. */
export function secretHider(config: Config): (text: string) => string {
  return scrubber(secretsOf(config));
}

/** Whether a text that is to be stored as it stands holds a configured secret, in any of its forms. */
export function holdsSecret(config: Config, text: string): boolean {
  let hide = hiders.get(config);
  if (!hide) {
    hide = scrubber(secretsOf(config).filter((secret) => secret.length >= SHORTEST_UNMISTAKABLE));
    hiders.set(config, hide);
  }
  return hide(text) !== text;
}

/** Made once for the settings of a process: every submission is looked at. */
const hiders = new WeakMap<Config, (text: string) => string>();

function secretsOf(config: Config): string[] {
  const found = [
    config.TUSHARE_TOKEN,
    ...keysOfWebhook(config.ALERT_WEBHOOK_URL),
    config.ALERT_WEBHOOK_SECRET,
    ...apiTokens(config).map(({ secret }) => secret),
  ];
  const urls = [
    ...commaList(config.REDIS_URL),
    ...commaList(config.REDLOCK_URLS),
    config.DATABASE_URL,
    config.TUSHARE_API_URL,
    config.TUSHARE_PROXY_URL,
  ];
  found.push(...urls.flatMap(credentialsOf));
  return found.filter((secret) => secret.length >= SHORTEST_SECRET);
}

/** A webhook is as secret as the key in it: of DingTalk and WeCom a parameter, of Feishu the end of the path. */
function keysOfWebhook(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { searchParams, pathname } = new URL(url);
  const parts = [...searchParams.values(), pathname.split('/').at(-1) ?? ''];
  return [url, ...parts.filter((part) => part.length >= SHORTEST_WEBHOOK_KEY)];
}

/** The password of a URL, and user:password, which is what a proxy is sent in base64; as written and decoded. */
function credentialsOf(url: string): string[] {
  // A URL that can't be read may hold a password all the same; its user info is what stands before the last @.
  const [, userInfo = ''] = /^[a-z][a-z0-9+.-]*:\/\/(.*)@/i.exec(url) ?? [];
  const colon = userInfo.indexOf(':');
  if (colon < 0) return [];
  const written = [userInfo, userInfo.slice(colon + 1)];
  return [...written, ...written.map(decoded)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that encodes nothing: it stands for itself
  }
}
