/** Reading the documents and the test sources as text. */
import fs from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');
export const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
export const exists = (file: string): boolean => fs.existsSync(path.join(ROOT, file));

export const READMES = ['README.md', 'README.zh-CN.md'];
export const DOCUMENTS = [
  ...READMES,
  ...fs
    .readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Titles of `t.test('…')` in a source, as they are written: a template keeps its `${…}`. */
export function titlesIn(source: string): Set<string> {
  const calls = source.matchAll(/\bt\.test\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return new Set([...calls].map((call) => (call[2] as string).replace(/\\(.)/g, '$1')));
}

export interface Requirement {
  id: string;
  status: string;
  tests: { file: string; title: string }[];
}

/** The rows of docs/requirements.md. A line that looks like a row and can't be read throws. */
export function requirementRows(): Requirement[] {
  const lines = read('docs/requirements.md')
    .split('\n')
    .filter((line) => /^\| R\d/.test(line));
  return lines.map((line) => {
    const [, id, , status, named] = /^\| (R\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
    if (!id || !status || !named) throw new Error(`not a row: ${line}`);
    return { id, status, tests: named === '–' ? [] : named.split('<br>').map(testOf) };
  });
}

function testOf(text: string): { file: string; title: string } {
  const [file, title] = text.split(' › ');
  if (!file || !title) throw new Error(`not a test: ${text}`);
  return { file, title };
}
