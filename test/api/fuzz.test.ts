/**
 * The fuzz of the API in short: 500 requests, new ones with every run. `npm run test:api-fuzz` sends 20,000, and then
 * every operation must have been seen to go well and to refuse.
 */
import { randomInt } from 'node:crypto';
import t from 'tap';
import { operationsOf } from './fuzz/document.ts';
import { judge } from './fuzz/judge.ts';
import { fuzz } from './fuzz/run.ts';

const requests = Number(process.env.API_FUZZ_REQUESTS ?? 500);
const seed = Number(process.env.API_FUZZ_SEED ?? randomInt(1, 2 ** 30));
const LONG = 20_000;
/** There is no supervisor: nothing runs that could be stopped, and nobody can be drained. */
const NEVER_HERE = new Set([
  'POST /api/v1/tasks/{id}/stop',
  'POST /api/v1/supervisors/{supervisor_id}/drain',
  'POST /api/v1/supervisors/{supervisor_id}/resume',
]);

t.test(`${requests} requests, valid, nearly valid and hostile; seed ${seed}`, async (t) => {
  t.comment(`again: API_FUZZ_SEED=${seed} npm run test:api-fuzz`);
  const report = await fuzz(t, { requests, seed }, (done) => {
    if (done % 2_000 === 0) t.comment(`${done} of ${requests}`);
  });
  for (const [outcome, count] of [...report.outcomes].sort())
    t.comment(`${String(count).padStart(6)} ${outcome}`);
  t.ok(report.requests >= requests, `${report.requests} were answered`);
  t.same(report.failures, []);
  if (requests < LONG) return;
  const outcomes = [...report.outcomes.keys()];
  const ways = new Set(outcomes.map((outcome) => outcome.replace(/ \dxx$/, '')));
  for (const way of ways) if (!NEVER_HERE.has(way)) t.ok(outcomes.includes(`${way} 2xx`), `${way} went well`);
});

t.test('the judge sees what is wrong', async (t) => {
  const answer = { type: 'object', required: ['success'], properties: { success: { const: true } } };
  const [operation] = operationsOf({
    paths: {
      '/api/v1/x': {
        get: { responses: { 200: { content: { 'application/json': { schema: answer } } }, '4XX': {} } },
      },
    },
  });
  if (!operation) throw new Error('no operation');
  const good = { success: true, code: 'X', message: 'x', data: 1 };
  const seen = (status: number, body: unknown, type = 'application/json') =>
    judge(operation, { status, type, text: typeof body === 'string' ? body : JSON.stringify(body) }, [
      's3cret',
    ]);
  t.same(seen(200, good), []);
  t.match(seen(500, good), [/500/]);
  t.match(seen(200, { ...good, message: 'it is s3cret' }), [/secret/]);
  t.match(seen(200, { ...good, message: 'Error\n    at f' }).concat(seen(200, good)), []);
  t.match(seen(200, `${JSON.stringify({ ...good, message: 'see file:///x' })}`), [/insides: file/]);
  t.match(seen(200, { ...good, success: 1 }), [/not as described: \/success/, /no envelope/]);
  t.match(seen(200, good, 'text/html'), [/no JSON/]);
  t.match(seen(302, good), [/302 is not in the document/]);
  t.match(seen(404, 'not found'), []);
});
