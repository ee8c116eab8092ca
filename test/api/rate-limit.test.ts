/** An address that asks too much is told to wait, in the envelope; the others don't notice. */
import http from 'node:http';
import net from 'node:net';
import t from 'tap';
import { type Api, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

const REQUESTS_A_MINUTE = 3_000;
const from = (address: string) => ({ 'x-forwarded-for': address });

/** Statuses of so many requests from an address, all on one connection. */
function knock(api: Api, count: number, address: string): Promise<number[]> {
  const { port, hostname } = new URL(api.url);
  const line = `GET /nothing HTTP/1.1\r\nHost: ${hostname}\r\nX-Forwarded-For: ${address}\r\n`;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(`${line}\r\n`.repeat(count - 1));
      socket.write(`${line}Connection: close\r\n\r\n`);
    });
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () =>
      resolve([...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))),
    );
  });
}

t.test('3,000 requests a minute from one address; a stream of events counts once', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, TRUSTED_PROXIES: '1' });
  const stream = http.get(`${api.url}/api/v1/events`, { headers: from('203.0.113.7') });
  t.teardown(() => stream.destroy());
  const events = await new Promise<http.IncomingMessage>((resolve) => stream.once('response', resolve));
  t.equal(events.statusCode, 200);
  const heard = new Promise((resolve) =>
    events.on('data', (chunk) => String(chunk).includes('changes') && resolve(0)),
  );
  for (let n = 0; n < 5; n += 1)
    t.equal((await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).status, 202);
  await heard;

  const statuses = await knock(api, REQUESTS_A_MINUTE - 1, '203.0.113.7');
  t.equal(statuses.filter((status) => status === 404).length, REQUESTS_A_MINUTE - 1, 'all answered');
  const tooMuch = await api.get('/api/v1/tasks', from('203.0.113.7'));
  t.match(tooMuch, {
    status: 429,
    body: { success: false, code: 'RATE_LIMITED', message: /try again in \d+ s/, data: null },
  });
  const wait = Number(tooMuch.headers.get('retry-after'));
  t.ok(wait >= 1 && wait <= 60, `Retry-After: ${wait}`);
  t.ok(tooMuch.headers.get('content-security-policy'), 'with the headers of every answer');
  t.equal((await api.get('/api/v1/tasks', from('203.0.113.8'))).status, 200, 'another address');
  t.equal((await api.get('/api/v1/tasks')).status, 200, 'this machine');
});

t.test('ten log-ins a minute, on this machine too', async (t) => {
  const api = await startApi(t, { API_READ_TOKENS: 'reader', TRUSTED_PROXIES: '1' });
  const login = (token: string, address: string) => api.post('/api/v1/session', { token }, from(address));
  for (const address of ['203.0.113.7', '127.0.0.1']) {
    for (let n = 0; n < 10; n += 1) t.equal((await login(`guess-${n}`, address)).status, 401);
    const late = await login('reader', address);
    t.match(late, { status: 429, body: { code: 'RATE_LIMITED' } }, 'the right one does not help either');
    t.ok(Number(late.headers.get('retry-after')) >= 1);
  }
  t.equal((await login('reader', '203.0.113.9')).status, 200);
  const bearer = { ...from('203.0.113.7'), authorization: 'Bearer reader' };
  t.equal((await api.get('/api/v1/datasets', bearer)).status, 200, 'who has a token goes on');
});

t.test('what a client says of its address is not believed unless a proxy is trusted', async (t) => {
  const api = await startApi(t, { API_READ_TOKENS: 'reader' });
  for (let n = 0; n < 10; n += 1)
    await api.post('/api/v1/session', { token: 'guess' }, from(`203.0.113.${n}`));
  t.equal((await api.post('/api/v1/session', { token: 'guess' }, from('203.0.113.99'))).status, 429);
});
