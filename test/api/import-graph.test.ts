/** Web can't run a sync (R1): nothing it imports, however far down, knows how. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';

const ROOT = path.join(import.meta.dirname, '../..');
const FORBIDDEN = /^(src\/sync\/run|src\/tushare\/|workers\/|src\/supervisor\/)/;

/** `from '…'`, `import '…'`, `import('…')` and `new URL('./x.ts', import.meta.url)`, which is how threads are started. */
const IMPORTS = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])(\.{1,2}\/[^'"]+)\1/g;

/** What the catalogue imports by the names it finds in its folders. */
const DECLARATIONS = fs
  .globSync('src/datasets/*/*.ts', { cwd: ROOT })
  .map((file) => `./${path.relative('src/datasets', file)}`);

function importsOf(file: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const named = [...text.matchAll(IMPORTS)].map((match) => match[2] as string);
  if (file === 'src/datasets/built-in.ts') named.push(...DECLARATIONS);
  return named
    .map((name) => path.join(path.dirname(file), name))
    .filter((imported) => /\.(ts|mjs|js)$/.test(imported));
}

/** Every file that can be reached, with the way to it. */
function reachableFrom(entry: string): Map<string, string[]> {
  const ways = new Map<string, string[]>([[entry, [entry]]]);
  for (const [file, way] of ways) {
    for (const imported of importsOf(file)) {
      if (!ways.has(imported)) ways.set(imported, [...way, imported]);
    }
  }
  return ways;
}

t.test('nothing that web imports can run a sync', async (t) => {
  const ways = reachableFrom('src/bin/web.ts');
  for (const [file, way] of ways) t.notMatch(file, FORBIDDEN, way.join(' → '));
  t.ok(
    ways.has('src/queue/submit.ts') && ways.has('src/datasets/daily-close/daily.ts'),
    'the walk reaches deep',
  );
});

/** Packages and modules of node that a file names. */
const PACKAGES = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([@a-z][^'"]*)['"]/g;
const packagesOf = (file: string): string[] =>
  [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(PACKAGES)].map((match) => match[1] as string);

t.test(
  'nothing that web imports can start a thread or a process, or keeps a queue in memory (R6)',
  async (t) => {
    const STARTERS = /^(node:(worker_threads|child_process|cluster)|piscina|bottleneck|p-queue|async)$/;
    const starters = (entry: string) =>
      [...reachableFrom(entry)].flatMap(([file, way]) =>
        packagesOf(file).some((name) => STARTERS.test(name)) ? [way.join(' → ')] : [],
      );
    t.same(starters('src/bin/web.ts'), []);
    t.not(starters('src/bin/supervisor.ts').length, 0, 'the rule can fail: supervisors have threads');
  },
);

t.test('the rule can fail: from the supervisor the same walk finds what is forbidden', async (t) => {
  const found = [...reachableFrom('src/bin/supervisor.ts').keys()].filter((file) => FORBIDDEN.test(file));
  t.ok(
    found.some((file) => file.startsWith('src/supervisor/')),
    'the supervision tree',
  );
  t.ok(
    found.some((file) => file.startsWith('workers/')),
    'the thread that runs tasks',
  );
  t.ok(
    found.some((file) => file.startsWith('src/tushare/')),
    'the TuShare client',
  );
});

t.test('there is one way into the queue: only submit.ts calls Queue.submit', async (t) => {
  const sources = fs
    .readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'));
  const callers = (call: RegExp) =>
    sources.filter((file) => call.test(fs.readFileSync(path.join(ROOT, 'src', file), 'utf8')));
  t.same(callers(/\bqueue\.submit\(/), ['queue/submit.ts']);
  t.same(callers(/\bexecutions\.submit\(/), ['queue/submit-execution.ts'], 'and for executions');
  t.same(callers(/\bqueue\.retry\(/), ['queue/retry-task.ts'], 'and for retries, with the same checks');
});
