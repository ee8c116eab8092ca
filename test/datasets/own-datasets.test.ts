import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import { checkSubmission } from '../../src/datasets/params.ts';
import { freshFolder } from '../support/folder.ts';

t.test('declarations of DATASETS_PATH join the catalogue, their programs are not imported', async (t) => {
  const folder = freshFolder(t, 'own datasets');
  const runner = pathToFileURL(join(folder, 'missing.ts')).href;
  const declared = {
    name: 'mine',
    title: { zh: '我', en: 'Mine' },
    modes: ['full'],
    runner,
    timeout_seconds: 7,
  };
  writeFileSync(join(folder, 'mine.dataset.ts'), `export default ${JSON.stringify(declared)}`);
  writeFileSync(join(folder, 'other.ts'), 'throw new Error("not a declaration")');
  const catalogue = await loadCatalogue({ DATASETS_PATH: folder });
  t.same(catalogue.names().slice(0, 2), ['bak_basic', 'bse_mapping'], 'those of Dayline first, by group');
  t.equal(catalogue.names().at(-1), 'mine');
  const checked = checkSubmission(catalogue, { dataset: 'mine', params: { anything: 1 } });
  t.match(checked, { mode: 'full', params: { anything: 1 }, timeout_seconds: 7 });
});

t.test('a declaration that cannot be used is named with all its faults', async (t) => {
  const folder = freshFolder(t, 'own');
  writeFileSync(join(folder, 'bad.dataset.ts'), `export default { name: 'Bad"; drop', modes: ['full'] }`);
  await t.rejects(loadCatalogue({ DATASETS_PATH: folder }), {
    name: 'ConfigError',
    message: /lower-case identifier.*title.*fields are missing/,
  });
  await t.rejects(loadCatalogue({ DATASETS_PATH: join(folder, 'nowhere') }), {
    name: 'ConfigError',
    message: /ENOENT/,
  });
});

for (const readme of ['README.md', 'README.zh-CN.md'])
  t.test(`the example of ${readme} can be used as it stands`, async (t) => {
    const text = readFileSync(join(import.meta.dirname, '../..', readme), 'utf8');
    const example = /```ts\n(export default \{[\s\S]*?)```/.exec(text)?.[1] ?? '';
    const name = /`(\w+)\.dataset\.ts`/.exec(text)?.[1] ?? '';
    const folder = freshFolder(t, 'readme');
    writeFileSync(join(folder, `${name}.dataset.ts`), example);
    const catalogue = await loadCatalogue({ DATASETS_PATH: folder });
    const params = { dates: ['20261120'] };
    t.match(checkSubmission(catalogue, { dataset: name, mode: 'backfill', params }), { params });
  });
