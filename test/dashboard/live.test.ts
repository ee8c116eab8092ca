/** The live line as other browsers and other people's proxies have it: without it the page still tells what is. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import t from 'tap';
import type { Queue } from '../../src/queue/queue.ts';
import type { Api } from '../support/api.ts';
import { connection, openPage } from '../support/browser.ts';
import { submit } from '../support/queue.ts';
import type { Torn } from '../support/torn.ts';
import { startBare } from './support/bare.ts';

let api: Api;
let browser: Browser;
let queue: Queue;

t.before(async () => {
  ({ api, browser, queue } = await startBare(t));
});

/** Submits a task; the page must show it without being asked to. */
async function newTaskAppears(page: Page): Promise<void> {
  await shows(page, await submit(queue, 'noop'));
}

const shows = (page: Page, task: string) =>
  page.locator(`a[href="/tasks/${task}"]:visible`).first().waitFor();

/** How often the page has asked for the feed so far. */
function asked(page: Page): () => number {
  let times = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/events')) times += 1;
  });
  return () => times;
}

t.test('a browser that has no iterator over a stream (Safari) is live over one line', async (t) => {
  const { page, faults } = await openPage(browser, api.url);
  await page.addInitScript(() => {
    const { prototype } = ReadableStream as unknown as { prototype: Record<PropertyKey, unknown> };
    for (const name of [Symbol.asyncIterator, 'values']) delete prototype[name];
    // nor have Safari 17.3 and Firefox 123 this
    delete (AbortSignal as { any?: unknown }).any;
  });
  const lines = asked(page);
  await page.clock.install();
  await page.goto(`${api.url}/tasks`);
  await connection(page, 'live');
  await newTaskAppears(page);
  await page.clock.runFor(3_000); // a line that had broken would have been tried again
  await newTaskAppears(page);
  await connection(page, 'live');
  t.equal(lines(), 1);
  t.same(faults, []);
  await page.context().close();
});

t.test('a proxy that passes the headers and keeps the rest: the page polls, and tries again', async (t) => {
  const proxy = await keepingProxy(t);
  const { page, faults } = await openPage(browser, proxy.url);
  await page.clock.install();
  const lines = asked(page);
  await page.goto(`${proxy.url}/tasks`);
  await until(() => proxy.kept === 1);
  await page.locator('a[href^="/tasks/"]:visible').first().waitFor(); // its first question is answered: a poll asks anew
  const task = await submit(queue, 'noop');
  await page.clock.runFor(3_100);
  await shows(page, task);
  await connection(page, 'polling');
  t.equal(lines(), 1);

  await page.clock.runFor(5_600); // the first word did not come in time
  await until(() => proxy.kept === 2);
  proxy.keeps = false;
  await page.clock.runFor(7_000);
  await connection(page, 'live');
  await newTaskAppears(page);

  proxy.keeps = true; // now a line that has spoken falls silent: no heartbeat comes through
  await page.clock.runFor(16_000);
  await connection(page, 'polling');
  await newTaskAppears(page);
  t.same(faults, []);
  await page.context().close();
});

/** Resolves when it holds; the time limit of the test bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

interface KeepingProxy {
  readonly url: string;
  /** Whether what the feed says is kept back, from now on; the headers always pass. */
  keeps: boolean;
  /** Feeds that were opened while it kept them. */
  kept: number;
}

/** A reverse proxy before the API that buffers an answer without end, as many do unless they are told not to. */
async function keepingProxy(t: Torn): Promise<KeepingProxy> {
  const server = http.createServer((request, response) => {
    const { method, headers, url } = request;
    const isFeed = url?.startsWith('/api/v1/events');
    if (isFeed && proxy.keeps) proxy.kept += 1;
    const onward = http.request(api.url + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on('data', (bytes: Buffer) => void ((isFeed && proxy.keeps) || response.write(bytes)));
      answer.once('close', () => response.end());
    });
    onward.once('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: KeepingProxy = { url, keeps: true, kept: 0 };
  return proxy;
}
