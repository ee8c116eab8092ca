/** docs/requirements.md is complete and names tests that exist (R123); and what other documents must hold. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { exists, READMES, ROOT, read, requirementRows, titlesIn } from './support.ts';

t.test('every requirement has one row, and the tests it names exist', async (t) => {
  const rows = requirementRows();
  t.strictSame(
    rows.map((row) => row.id),
    Array.from({ length: 124 }, (_, n) => `R${n + 1}`),
    'R1 to R124, each once and in order',
  );
  for (const { id, status, tests } of rows) {
    t.match(status, /^(shown|issue [3-7])$/, `${id}: status`);
    if (status === 'shown') t.ok(tests.length > 0, `${id} names a test`);
    for (const { file, title } of tests) {
      t.match(file, /^test\/.*\.test\.ts$/, `${id}: a test file`);
      t.ok(exists(file) && titlesIn(read(file)).has(title), `${id}: ${file} › ${title}`);
    }
  }
  const shown = rows.filter((row) => row.status === 'shown').length;
  t.match(read('docs/requirements.md'), `Shown: ${shown} of 124.`, 'the sum at its top is right');
});

t.test('the rule can fail: a title that is only in a comment or a string is none', async (t) => {
  const source = "// t.test is not called: 'a title'\nconst x = 'a title';\nt.test('it\\'s one', () => {});";
  t.strictSame([...titlesIn(source)], ["it's one"]);
});

t.test('every field of a task and of /health stands in docs/operations.md (R5)', async (t) => {
  const { TaskViewSchema } = await import('../../src/api/task-view.ts');
  const text = read('docs/operations.md');
  for (const field of Object.keys(TaskViewSchema.properties)) t.ok(text.includes(`\`${field}\``), field);
  const health = read('src/api/health.ts');
  for (const [, field = ''] of health.matchAll(/^ {2,4}(\w+): (?:Type|Reason)\b/gm))
    t.match(text, new RegExp(`[\`.]${field}\\b`), field);
});

t.test('every place that submits tasks stands in the table of docs/operations.md (R4)', async (t) => {
  const table =
    read('docs/operations.md').split('## Every place that submits tasks (R4)')[1]?.split('\n## ')[0] ?? '';
  const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const submits =
    /\b(submitTask|submitExecution|retryTask)\(deps|\.post(<[^(]*>)?\([`'"]\/(tasks|executions)['"`]/;
  const places = sources.filter((file) => file.endsWith('.ts') && submits.test(read(`src/${file}`)));
  t.ok(places.length >= 5, places.join());
  for (const file of places) t.ok(table.includes(`(../src/${file})`), file);
  for (const use of ['full', 'history', 'backfill', 'incremental', 'groups', 'retry', 'automatic retry'])
    t.ok(table.includes(use), use);
});

t.test('every GET route and every field of an execution stands in docs/operations.md (R5)', async (t) => {
  const { ExecutionViewSchema } = await import('../../src/api/execution-view.ts');
  const text = read('docs/operations.md');
  for (const field of Object.keys(ExecutionViewSchema.properties)) t.ok(text.includes(`\`${field}\``), field);
  const routes = fs
    .readdirSync(path.join(ROOT, 'src/api'))
    .flatMap((file) =>
      [...read(`src/api/${file}`).matchAll(/\bapi\.get\(\s*'([^']+)'/g)].map((match) => match[1] as string),
    );
  t.ok(routes.length >= 8);
  for (const route of routes) t.ok(text.includes(`GET /api/v1${route}`), route);
});

t.test('every route that the dashboard asks stands in the table of docs/operations.md (R5)', async (t) => {
  const table =
    read('docs/operations.md').split('## What the dashboard asks (R5)')[1]?.split('\n## ')[0] ?? '';
  const source = ['queries', 'actions'].map((name) => read(`src/dashboard/api/${name}.ts`)).join('\n');
  const asked = [...source.matchAll(/api\.(get|post)<\w+(?:<[^>]*>)?[^(]*>?\(\s*[`'](\/[^`'?]*)/g)];
  const parts = asked.map(([, method, route = '']) =>
    [method?.toUpperCase(), route.split('${')[0]].join(' /api/v1'),
  );
  t.ok(parts.length >= 12, parts.join());
  for (const part of parts) t.ok(table.includes(part.replace(/\/$/, '/:')), part);
});

t.test('every package of package.json stands in docs/dependencies.md with its version', async (t) => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'));
  const packages: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies };
  const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^ |]+) \|/gm)];
  t.strictSame(Object.fromEntries(rows.map(([, name, version]) => [name, version])), packages);
});

t.test('no queue framework is installed (R9)', async (t) => {
  const installed = Object.keys(JSON.parse(read('package-lock.json')).packages);
  const frameworks = /^node_modules\/.*\b(bullmq|bull|agenda|bee-queue|kue|pg-boss|graphile-worker)$/;
  t.strictSame(
    installed.filter((place) => frameworks.test(place)),
    [],
  );
  t.ok(installed.includes('node_modules/ioredis'), 'the list is the real one');
});

t.test('the documents say how supervisors are started (R8)', async (t) => {
  for (const file of READMES) t.match(read(file), 'node src/bin/supervisor.ts', file);
  t.match(read('docs/operations.md'), 'web never starts a supervisor');
  t.match(read('Procfile'), /^supervisor: node src\/bin\/supervisor\.ts$/m);
});

t.test('the smoke test by hand has every step of R121', async (t) => {
  const text = read('docs/operations.md').split('## Smoke test by hand (R121)')[1]?.split('\n## ')[0] ?? '';
  for (const step of ['dayline submit', '--watch', 'kill -STOP', 'QUEUE_UNAVAILABLE', 'TUSHARE_PROXY_URL'])
    t.ok(text.includes(step), step);
});

t.test('the decisions of R124 are written down', async (t) => {
  const text = read('docs/decisions.md');
  for (const subject of ['mode A', 'terminating the thread', 'Retry ids', 'Proxy scope', 'aggregation'])
    t.ok(text.includes(subject), subject);
});
