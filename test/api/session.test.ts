/** Log-in and log-out of the page: a strict cookie that is bound to its token and its time. */
import t from 'tap';
import { openSession, readSession, SESSION_SECONDS } from '../../src/api/session-cookie.ts';
import { apiTokens } from '../../src/api-tokens.ts';
import { startApi } from '../support/api.ts';

const TOKENS = { API_READ_TOKENS: 'ann:reader-secret', API_OPERATE_TOKENS: 'first-secret, ops:op-secret' };

t.test('a log-in answers with a cookie that only this page can use', async (t) => {
  const api = await startApi(t, TOKENS);
  const wrong = await api.post('/api/v1/session', { token: 'wrong' });
  t.match(wrong, { status: 401, body: { success: false, code: 'UNAUTHORIZED' } });
  t.equal(wrong.headers.get('set-cookie'), null);

  const login = await api.post('/api/v1/session', { token: 'op-secret' });
  t.match(login.body, { success: true, data: { role: 'operate', name: 'ops', via: 'session' } });
  const left = Date.parse(login.body.data.expires_at) - Date.now();
  t.ok(left > (SESSION_SECONDS - 60) * 1000 && left <= SESSION_SECONDS * 1000, `${left} ms`);
  const cookie = login.headers.get('set-cookie') as string;
  t.match(cookie, /^dayline_session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  t.notMatch(cookie, /op-secret/);
  const https = { 'x-forwarded-proto': 'https' };
  const secure = await api.post('/api/v1/session', { token: 'op-secret' }, https);
  t.match(secure.headers.get('set-cookie'), /; Secure(;|$)/, 'behind https');

  const headers = { cookie: cookie.split(';')[0] as string };
  t.match((await api.get('/api/v1/session', headers)).body.data, {
    role: 'operate',
    name: 'ops',
    via: 'session',
  });
  t.match((await api.get('/api/v1/session', { authorization: 'Bearer first-secret' })).body.data, {
    role: 'operate',
    name: 'operate-1',
    via: 'token',
    expires_at: null,
  });
  const logout = await fetch(`${api.url}/api/v1/session`, {
    method: 'DELETE',
    headers: { ...headers, 'sec-fetch-site': 'same-origin' },
  });
  t.equal(logout.status, 200);
  t.match(logout.headers.get('set-cookie'), /^dayline_session=; .*Expires=Thu, 01 Jan 1970/);

  const form = await api.post('/api/v1/tasks/x/cancel', undefined, {
    ...headers,
    origin: api.url,
    'content-type': 'application/x-www-form-urlencoded',
  });
  t.equal(form.status, 415, 'what a form of another page could send');
});

t.test('a session is over with its time and with its token, and can not be invented', async (t) => {
  const tokens = apiTokens({ API_READ_TOKENS: 'ann:reader-secret', API_OPERATE_TOKENS: 'op-secret' });
  const [op, ann] = tokens as [(typeof tokens)[0], (typeof tokens)[0]];
  t.match(
    [op, ann],
    [
      { name: 'operate-1', secret: 'op-secret' },
      { name: 'ann', role: 'read', secret: 'reader-secret' },
    ],
  );
  const now = Date.parse('2026-03-02T10:00:30Z');
  const { value, expires_at } = openSession(ann, now);
  t.equal(expires_at, now + SESSION_SECONDS * 1000);
  t.match(readSession(tokens, value, expires_at - 1), { token: ann, expires_at });
  t.equal(readSession(tokens, value, expires_at), undefined, 'its time is over');
  t.equal(readSession([op], value, now), undefined, 'its token was taken out of the settings');

  const [end, random, mac] = value.split('.') as [string, string, string];
  const other = openSession(op, now).value.split('.') as [string, string, string];
  const inventions = [
    `${Number(end) + 1}.${random}.${mac}`,
    `${end}.${other[1]}.${mac}`,
    `${end}.${random}.${other[2]}`,
    `${end}.${random}.${'A'.repeat(43)}`,
    `${end}.${random}`,
    `${value}.`,
    '',
    'a'.repeat(4_000),
  ];
  for (const text of inventions) t.equal(readSession(tokens, text, now), undefined, text.slice(0, 90));
});
