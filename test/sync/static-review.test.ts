/** What the seeds ask to be seen by reading the code (S4 9.9; R111, R112). R87 has only-way.test.ts. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';

const ROOT = path.join(import.meta.dirname, '../..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const IMPORTS = /\bfrom\s*'(\.{1,2}\/[^']+\.ts|[a-z@][^']*)'/g;

/** All that a file imports when it runs, however far down; types are gone by then. */
function reachableFrom(entry: string): Set<string> {
  const reached = new Set([entry]);
  for (const file of reached) {
    if (!file.startsWith('src/')) continue;
    const text = read(file).replace(/^import type .*$/gm, '');
    for (const [, name = ''] of text.matchAll(IMPORTS))
      reached.add(name.startsWith('.') ? path.join(path.dirname(file), name) : name);
  }
  return reached;
}

const INFRASTRUCTURE =
  /^(src\/(store|tushare)\/|pg$|pg-|@mikro-orm|src\/sync\/(run|write-batch|finance|concepts)\.ts)/;

t.test(
  'what schedules and triggers the jobs knows neither database, nor TuShare, nor how one runs (R111)',
  async (t) => {
    const reached = [...reachableFrom('src/sync/jobs.ts')];
    t.same(
      reached.filter((name) => INFRASTRUCTURE.test(name)),
      [],
    );
    t.ok(reached.includes('src/queue/submit.ts') && reached.length > 10, 'the walk reaches deep');
    t.ok(
      [...reachableFrom('src/sync/finance.ts')].some((name) => INFRASTRUCTURE.test(name)),
      'the rule can fail',
    );
  },
);

t.test('no state of a sync is kept in a file (R112)', async (t) => {
  const files = [...fs.globSync('{src/sync,src/scheduler,workers}/**/*.ts', { cwd: ROOT })];
  t.ok(files.length > 40);
  for (const file of files) {
    t.notMatch(
      read(file),
      /writeFile|appendFile|createWriteStream|\bopenSync|_state\.json|FAILURE_RECORD_FILE/,
      file,
    );
    t.notMatch(read(file), /\b(load|save|append)_(finance_)?(offset|failures)\b|_save_failures/, file);
  }
});
