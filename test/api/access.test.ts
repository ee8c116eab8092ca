/** Every route of the OpenAPI document × every kind of caller, so that no new route can be forgotten. */
import http from 'node:http';
import t from 'tap';
import { type Api, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

/** What differs from the rule: GET needs read, everything else needs operate. */
const OPEN = new Set(['GET /health', 'GET /ready', 'POST /api/v1/session']);
const READ = new Set(['POST /api/v1/datasets/{name}/plan', 'DELETE /api/v1/session']);
const FOREIGN = { origin: 'https://evil.example' };

interface Route {
  method: string;
  path: string;
  needs: 'open' | 'read' | 'operate';
}

async function routesOf(api: Api): Promise<Route[]> {
  const { paths } = (await api.get('/docs/json')).body;
  const routes = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((name): Route => {
      const method = name.toUpperCase();
      const route = `${method} ${path}`;
      const needs = OPEN.has(route) ? 'open' : method === 'GET' || READ.has(route) ? 'read' : 'operate';
      return { method, path, needs };
    }),
  );
  const all = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  for (const route of [...OPEN, ...READ]) if (!all.has(route)) throw new Error(`there is no ${route}`);
  return routes;
}

interface Seen {
  status: number;
  headers: http.IncomingHttpHeaders;
}

/** By node's http: fetch sends no foreign Origin with GET. The answer's body is not read: one of them never ends. */
function knock(api: Api, { method, path }: Route, headers: Record<string, string>): Promise<Seen> {
  const url = api.url + path.replaceAll(/\{\w+\}/g, 'unknown');
  const hasBody = method !== 'GET' && method !== 'DELETE';
  return new Promise((resolve, reject) => {
    const sent = http.request(
      url,
      { method, headers: { ...(hasBody && { 'content-type': 'application/json' }), ...headers } },
      (answer) => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
        answer.destroy();
      },
    );
    sent.once('error', reject);
    sent.end(hasBody ? '{}' : undefined);
  });
}

const HEADERS = [
  'content-security-policy',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'cross-origin-opener-policy',
];

t.test('with tokens: who may do what, route by route', async (t) => {
  const redis = await freshRedis(t);
  const settings = { API_READ_TOKENS: 'ann:reader-secret', API_OPERATE_TOKENS: 'operator-secret' };
  const api = await startApi(t, { REDIS_URL: redis.url, ...settings });
  const cookieOf = async (token: string) =>
    ((await api.post('/api/v1/session', { token })).headers.get('set-cookie') ?? '').split(';')[0] as string;
  const [reader, operator] = [await cookieOf('reader-secret'), await cookieOf('operator-secret')];
  const own = { origin: api.url };

  /** What a caller gets: `allowed` or the status that refuses. */
  type Verdict = 'allowed' | 401 | 403;
  const byRole = (role: 'read' | 'operate') => (route: Route) =>
    role === 'operate' || route.needs !== 'operate' ? 'allowed' : 403;
  const stranger = ({ needs }: Route): Verdict => (needs === 'open' ? 'allowed' : 401);
  const forged = ({ needs, method }: Route): Verdict =>
    needs === 'open' || method === 'GET' ? 'allowed' : 403;
  const callers: [name: string, headers: Record<string, string>, verdict: (route: Route) => Verdict][] = [
    ['no token', {}, stranger],
    ['wrong token', { authorization: 'Bearer wrong' }, stranger],
    ['no bearer', { authorization: 'Basic YTpi' }, stranger],
    ['wrong cookie', { ...own, cookie: `${operator}x` }, stranger],
    ['wrong token, good cookie', { ...own, authorization: 'Bearer wrong', cookie: operator }, stranger],
    ['read', { authorization: 'Bearer reader-secret' }, byRole('read')],
    ['operate', { authorization: 'Bearer operator-secret' }, byRole('operate')],
    ['read cookie', { ...own, cookie: reader }, byRole('read')],
    ['operate cookie', { ...own, cookie: operator }, byRole('operate')],
    ['cookie, by fetch metadata', { 'sec-fetch-site': 'same-origin', cookie: operator }, byRole('operate')],
    ['cookie, foreign page', { ...FOREIGN, cookie: operator }, forged],
    ['cookie, page without an origin', { origin: 'null', cookie: operator }, forged],
    ['cookie, other site', { 'sec-fetch-site': 'cross-site', cookie: operator }, forged],
    ['cookie, other port', { ...own, 'sec-fetch-site': 'same-site', cookie: operator }, forged],
    ['cookie, no proof', { cookie: operator }, forged],
  ];
  const routes = await routesOf(api);
  t.ok(routes.length > 35, `${routes.length} routes`);
  t.equal((await api.post('/api/v1/session', {})).status, 400, 'a log-in without a token');
  const login = await api.post('/api/v1/session', { token: 'operator-secret' }, FOREIGN);
  t.equal(login.status, 403, 'a log-in from another page');
  for (const route of routes) {
    const what = `${route.method} ${route.path}`;
    const knocks = callers.map(async ([name, headers, verdict]) => {
      // a foreign page can't log in, whoever's cookie it has
      if (route.path === '/api/v1/session' && route.method === 'POST' && forged === verdict) return [];
      const { status, headers: answered } = await knock(api, route, headers);
      const got = status === 401 || status === 403 ? status : 'allowed';
      const bare = HEADERS.filter((header) => !answered[header]);
      return [
        ...(got === verdict(route) ? [] : [`${name}: ${got} instead of ${verdict(route)}`]),
        ...bare.map((header) => `${name}: no ${header} in the ${status}`),
      ];
    });
    t.same((await Promise.all(knocks)).flat(), [], what);
  }
});

t.test('without tokens, on loopback: programs and our own page, no other page', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  for (const route of await routesOf(api)) {
    const outside = route.path === '/health' || route.path === '/ready';
    const login = route.method === 'POST' && route.path === '/api/v1/session';
    const what = `${route.method} ${route.path}`;
    const asProgram = await knock(api, route, {});
    t.notMatch([401, 403], [asProgram.status], what);
    t.notMatch([401, 403], [(await knock(api, route, { origin: api.url })).status], `${what} from our page`);
    const foreign = (await knock(api, route, FOREIGN)).status;
    if (outside || login) t.not(foreign, 500, what);
    else t.equal(foreign, 403, `${what} from another page`);
  }
  t.equal((await api.post('/api/v1/session', { token: 'x' }, FOREIGN)).status, 403);
  t.match((await api.get('/api/v1/session')).body.data, {
    role: 'operate',
    name: 'loopback',
    via: 'loopback',
    expires_at: null,
  });
});

t.test('the headers also stand on what no route answers', async (t) => {
  const api = await startApi(t, { API_READ_TOKENS: 'reader' });
  for (const path of [
    '/nothing',
    '/health',
    '/api/v1/tasks',
    '/api/v1/nothing',
    '/%zz',
    '/',
    '/docs/',
    '/assets/nothing.js',
    '/favicon.svg',
  ]) {
    const answer = await api.get(path);
    for (const header of HEADERS) t.ok(answer.headers.get(header), `${path}: ${header}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const page = path === '/' || path === '/docs/';
    if (!page) t.equal(policy.replaceAll(/; ?/g, '; '), "default-src 'none'; frame-ancestors 'none'", path);
    t.match(policy, /^default-src 'none';.*frame-ancestors 'none'$/, path);
    t.notMatch(policy, /unsafe|https?:|upgrade-insecure|\.io|\*/, `${path}: ${policy}`);
  }
});
