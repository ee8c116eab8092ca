/** A real Chromium on a page of the dashboard; it watches what no page may do. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import type { Torn } from './torn.ts';

/** No sandbox: tests run as root too. The others keep it from asking for the hosts of its maker. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const MORE_ARGS = [
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-dev-shm-usage',
];

export interface Watched {
  readonly page: Page;
  /** Errors of the page, and of its security policy; requests to other hosts. Empty when all is well. */
  readonly faults: string[];
}

export async function startBrowser(t: Torn): Promise<Browser> {
  const { file, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath: file,
    args: [...ARGS, ...MORE_ARGS],
    env: { ...(process.env as Record<string, string>), ...env },
  });
  t.teardown(() => browser.close());
  return browser;
}

/** A page of its own in a context of its own (language, theme, size). @param url where Dayline is */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // a refused or broken request is what some tests make happen, and is shown in the page
    const expected = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !expected) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) faults.push(`another host: ${request.url()}`);
  });
  return { page, faults };
}

/** Resolves when the page says so of its connection. */
export async function connection(page: Page, state: 'live' | 'polling' | 'disconnected'): Promise<void> {
  await page.waitForSelector(`[data-state=${state}]`);
}
