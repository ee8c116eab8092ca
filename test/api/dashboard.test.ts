/** How web serves the page: what `npm run build` has made of src/dashboard. */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startApi } from '../support/api.ts';

const ASSETS = path.join(import.meta.dirname, '../../dist/dashboard/assets');
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

t.test(
  'the page: never from the cache, nothing from other hosts, a nonce of its own each time',
  async (t) => {
    const api = await startApi(t);
    const [first, second] = await Promise.all([api.get('/'), api.get('/')]);
    t.match(first, { status: 200 });
    t.match(first.headers.get('content-type'), 'text/html');
    t.equal(first.headers.get('cache-control'), 'no-cache');
    const policy = first.headers.get('content-security-policy') ?? '';
    t.match(policy, "default-src 'none'");
    t.notMatch(policy, /unsafe|https?:|\*/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] as string;
    t.ok(nonce.length >= 22);
    for (const [tag] of first.text.matchAll(/<(script|link rel="stylesheet")[^>]*>/g))
      t.ok(tag.includes(nonce), tag);
    t.notMatch(first.text, /DAYLINE_NONCE|https?:\/\//);
    t.notMatch(second.text, nonce);
  },
);

t.test('addresses inside the page are the page; those of programs stay what they are', async (t) => {
  const api = await startApi(t, { API_READ_TOKENS: 'reader' });
  const page = await api.get('/', BROWSER);
  const withoutNonce = (text: string) => text.replaceAll(/nonce="[^"]*"/g, '');
  for (const address of ['/tasks', '/tasks/abc?x=1', '/datasets/daily', '/nothing/like/that']) {
    const deep = await api.get(address, BROWSER);
    t.equal(deep.status, 200, address);
    t.equal(withoutNonce(deep.text), withoutNonce(page.text), address);
    t.match(await api.get(address), { status: 404, body: { success: false, code: 'NOT_FOUND' } }, address);
  }
  t.match(await api.get('/api/v1/nothing', BROWSER), { status: 401, body: { code: 'UNAUTHORIZED' } });
  const headers = { ...BROWSER, authorization: 'Bearer reader' };
  t.match(await api.get('/api/v1/nothing', headers), { status: 404, body: { code: 'NOT_FOUND' } });
  t.match(await api.get('/assets/nothing.js', BROWSER), { status: 404, body: { code: 'NOT_FOUND' } });
  t.match(await api.get('/assets/..%2findex.html', BROWSER), { body: { success: false } });
});

t.test('its files are kept for a year, compressed, and small', async (t) => {
  const api = await startApi(t);
  const { text } = await api.get('/');
  const named = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, name]) => name as string,
  );
  for (const kind of ['.js', '.css'])
    t.ok(
      named.some((name) => name.endsWith(kind)),
      named.join(),
    );
  let first_load = Buffer.byteLength(text);
  for (const name of named) {
    const file = await api.get(name);
    t.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable', name);
    t.equal(file.headers.get('content-encoding'), 'gzip', name);
    first_load += gzipSync(file.text).length;
  }
  t.ok(first_load < 500_000, `first load: ${first_load} bytes compressed`);
  t.comment(`first load: ${first_load} bytes compressed`);
});

t.test('what was built names no other host to load from', async (t) => {
  const loads = /(?:src|href)\s*[=:]\s*["'`]https?:|@import|url\(\s*["']?(?:https?:)?\/\/|importScripts/;
  const files = fs.readdirSync(ASSETS).filter((name) => /\.(js|css)$/.test(name));
  t.ok(files.length >= 3, 'the page, its styles and the charts');
  for (const name of files) t.notMatch(fs.readFileSync(path.join(ASSETS, name), 'utf8'), loads, name);
});
