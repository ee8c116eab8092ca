/** R122: what biome and the compiler say of the whole tree, as CI runs them. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import t from 'tap';

const ROOT = path.join(import.meta.dirname, '../..');

function run(command: string, input = '') {
  // without tap's own hooks, which the compiler does not bear and tap adds to every child
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `unset NODE_OPTIONS; ${command}`], {
    cwd: ROOT,
    encoding: 'utf8',
    input,
  });
  return { status, output: `${stdout}${stderr}`.slice(-2_000) };
}

t.test('every file is formatted, linted and type-checked (R122)', async (t) => {
  for (const script of ['lint', 'typecheck']) {
    const { status, output } = run(`npm run --silent ${script}`);
    t.equal(status, 0, `${script}: ${output}`);
  }
});

t.test('the rule can fail: a file that is badly formatted is refused', async (t) => {
  const bad = run('npx biome check --stdin-file-path=src/bad.ts', 'export const x  = "1"\n');
  t.match(bad, { status: 1, output: /aren't fixed/ });
});
