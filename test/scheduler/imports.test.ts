/** The scheduler knows no job and can run none (R7, R63): what it imports, however far down. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';

const ROOT = path.join(import.meta.dirname, '../..');
const IMPORTS = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])(\.{1,2}\/[^'"]+)\1/g;

const importsOf = (file: string): string[] =>
  [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(IMPORTS)].map((match) =>
    path.join(path.dirname(file), match[2] as string),
  );

function reachableFrom(entries: readonly string[]): string[] {
  const reached = new Set(entries);
  for (const file of reached) for (const imported of importsOf(file)) reached.add(imported);
  return [...reached];
}

const own = fs.readdirSync(path.join(ROOT, 'src/scheduler')).map((file) => `src/scheduler/${file}`);

t.test('models, repositories, tracker and service lie in one package, which names no job', async (t) => {
  for (const file of ['entities', 'job-configs', 'execution-log', 'execution-tracker', 'scheduler'])
    t.ok(own.includes(`src/scheduler/${file}.ts`), file);
  for (const file of own) {
    const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
    t.notMatch(text, /sync_(daily|history|incremental|concept|stock)/, `${file} names a job`);
    for (const imported of importsOf(file))
      t.match(
        imported,
        /^src\/(scheduler|queue|store|limits|actors)\/|^src\/(clock|config|errors|log)\.ts$/,
        file,
      );
  }
});

t.test('nothing that it imports can run a dataset, or even knows one', async (t) => {
  const RUNS = /^(src\/(sync|tushare|datasets|supervisor|api)\/|workers\/)/;
  t.strictSame(
    reachableFrom(own).filter((file) => RUNS.test(file)),
    [],
  );
  t.ok(
    importsOf('src/sync/scheduled-jobs.ts').some((file) => RUNS.test(file)),
    'the rule can fail',
  );
});
