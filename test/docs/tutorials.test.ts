/** docs/add-a-dataset.md and docs/querying.md, done as they stand: their files, commands and statements, on a real stack. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { dayline, program } from '../support/cli.ts';
import { freshFolder } from '../support/folder.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const TUTORIAL = readFileSync(join(DOCS, 'add-a-dataset.md'), 'utf8');
const QUERYING = readFileSync(join(DOCS, 'querying.md'), 'utf8');
/** In docs/querying.md, and not in what is fetched here: nothing was corrected, nothing renamed, no statements. */
const WITHOUT_ROWS = /FROM (row_revisions|code_changes|income)\b/;

/** The code blocks of a language, without the fences. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block = '']) => block,
  );
}

/** The `npx dayline …` lines of a document, as arguments. */
const commands = (text: string): string[][] =>
  [...text.matchAll(/^npx dayline (.+)$/gm)].map(
    ([, line = '']) => line.split(/\s+#/)[0]?.split(/\s+/) ?? [],
  );

t.test('documents that can be done as they stand', { timeout: 180_000 }, async (t) => {
  const folder = freshFolder(t, 'tutorial');
  const [declaration = ''] = blocks(TUTORIAL, 'ts');
  writeFileSync(join(folder, 'closes.dataset.ts'), declaration);
  const { env, database } = await running(t, { DATASETS_PATH: folder });
  const type = async (...args: string[]) => {
    const ended = await dayline(t, args, env);
    t.equal(ended.code, 0, `dayline ${args.join(' ')}: ${ended.stderr}`);
  };

  await t.test('add-a-dataset.md: its file, each of its commands, its SQL', async (t) => {
    const typed = commands(TUTORIAL);
    t.equal(typed.length, 7, 'all the commands are found');
    for (const args of typed) await type(...args);
    const [sql = ''] = blocks(TUTORIAL, 'sql');
    const { rows } = await database.query(sql);
    t.equal(rows.length, 21, 'June 2026 has 21 trading days with rows');
    t.ok(
      rows.every((row) => Number(row.stocks) > 1_000),
      'each of the whole market',
    );
  });

  await t.test('querying.md: every statement', async (t) => {
    const range = ['--from', '20261102', '--to', '20261113', '--watch'];
    await type('submit', 'daily', ...range);
    await type('submit', 'adj_factor', ...range);
    const statements = blocks(QUERYING, 'sql');
    t.equal(statements.length, 7, 'all the statements are found');
    for (const sql of statements) {
      const { rows } = await database.query(sql);
      if (!WITHOUT_ROWS.test(sql)) t.ok(rows.length > 5, `${rows.length} rows of ${sql.slice(0, 80)}`);
    }
  });
});

/** A stack with a supervisor and a web process, and the settings by which the command line finds both. */
async function running(
  t: Parameters<typeof startStack>[0],
  settings: Record<string, string>,
): Promise<Stack> {
  const stack = await startStack(t, { PORT: '0', ...settings });
  await startSupervisor(t, { DATASETS_PATH: '', ...stack.env });
  const web = await program(t, 'web.ts', [], stack.env).prints(/http:\/\/127\.0\.0\.1:\d+/);
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(web) ?? [];
  return { ...stack, env: { ...stack.env, DAYLINE_URL: url } };
}
