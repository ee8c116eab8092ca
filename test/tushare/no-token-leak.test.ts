// The token is planted wherever an answer or a caller could bring it back, and looked for in everything that
// leaves the client: message, stack, cause, own properties, and log lines.
import { inspect } from 'node:util';
import t from 'tap';
import { type Handler, makeClient, refusal, startServer, TOKEN } from './support/server.ts';

const FORMS = [
  TOKEN,
  encodeURIComponent(TOKEN),
  JSON.stringify(TOKEN).slice(1, -1),
  Buffer.from(TOKEN).toString('base64'),
  Buffer.from(TOKEN).toString('base64url'),
];
const ALL = FORMS.join(' ');
const QUOTED = JSON.stringify(ALL);

const PLANTED: Record<string, Handler> = {
  'message of a refusal': (_request, response) => response.end(refusal(50101, `必填参数 ${ALL}`)),
  'message of an unknown refusal': (_request, response) => response.end(refusal(77, ALL)),
  'message at the cut of a long one': (_request, response) =>
    response.end(refusal(77, 'x'.repeat(490) + TOKEN)),
  code: (_request, response) => response.end(`{"code":${QUOTED},"msg":${QUOTED}}`),
  'body that is no JSON': (_request, response) => response.end(ALL),
  'body that is nearly JSON': (_request, response) => response.end(`{"code":0,"msg":${QUOTED}`),
  'field names': (_request, response) =>
    response.end(`{"code":0,"data":{"fields":[${QUOTED},${QUOTED}],"items":[]}}`),
  rows: (_request, response) => response.end(`{"code":0,"data":{"fields":["a"],"items":[[1,${QUOTED}]]}}`),
  'status text': (_request, response) => {
    response.writeHead(502, TOKEN.replaceAll('"', ''));
    response.end(ALL);
  },
  headers: (_request, response) => response.writeHead(302, { location: `http://127.0.0.1:1/${ALL}` }).end(),
  'content-encoding': (_request, response) =>
    response.writeHead(200, { 'content-encoding': TOKEN }).end('{}'),
  'frequency error (its warning)': (_request, response) => response.end(refusal(40203, `频率超限 ${ALL}`)),
  reset: (request) => request.socket.resetAndDestroy(),
  silence: () => {},
};

for (const [place, handle] of Object.entries(PLANTED)) {
  t.test(`planted in: ${place}`, async (t) => {
    const server = await startServer(t, handle);
    const { client, lines } = makeClient(t, server.url, 300);
    const abort = new AbortController();
    const call = client.call(ALL, { [ALL]: ALL, nested: [{ ALL }] }, [ALL], abort.signal);
    if (place.startsWith('frequency')) setTimeout(() => abort.abort(new Error('stop')), 200);
    const error: unknown = await call.then(
      () => t.fail('no error'),
      (error) => error,
    );
    t.ok(error instanceof Error);
    if (place.startsWith('frequency')) t.equal(lines.length, 1, 'the warning was written');
    const seen = [...everythingIn(error), JSON.stringify(lines)].join('\n');
    for (const form of FORMS) t.notOk(seen.includes(form), `not as ${form.slice(0, 4)}…`);
    t.notOk(seen.includes(TOKEN.slice(0, 10)), 'not in part');
  });
}

t.test('the credentials of the URL stay out of errors too', async (t) => {
  const server = await startServer(t, (_request, response) => response.end(refusal(77, 'wrong secretword')));
  const { client } = makeClient(t, server.url.replace('//', '//user:secretword@'));
  const error: unknown = await client.call('daily', {}, []).catch((error) => error);
  t.notOk(everythingIn(error).join('\n').includes('secretword'));
});

/** Everything of an error that could be printed, stored or sent. */
function everythingIn(error: unknown): string[] {
  const texts = [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), String(error)];
  if (error instanceof Error) {
    texts.push(error.message, error.stack ?? '');
    for (const key of Reflect.ownKeys(error)) texts.push(String(Reflect.get(error, key)));
    if (error.cause !== undefined) texts.push(...everythingIn(error.cause));
  }
  return texts;
}
