/** What the documents print can be followed: links, commands, names. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { SettingsSchema } from '../../src/config.ts';
import { API_ERRORS } from '../../src/errors.ts';
import { DOCUMENTS, exists, READMES, ROOT, read } from './support.ts';

/** Where the commands of `dayline` are spelled. */
const SPELLED = fs
  .readdirSync(path.join(ROOT, 'src/cli'))
  .filter((file) => file.startsWith('program'))
  .map((file) => read(`src/cli/${file}`))
  .join();

t.test('every relative link leads to a file', async (t) => {
  for (const document of DOCUMENTS)
    for (const [, target] of read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
      if (!/^https?:/.test(target as string))
        t.ok(exists(path.join(path.dirname(document), target as string)), `${document}: ${target}`);
});

t.test('every path in code marks exists', async (t) => {
  for (const document of DOCUMENTS)
    for (const [, file] of read(document).matchAll(/`((?:src|test|workers|bootstrap|docs)\/[\w./-]+)`/g))
      t.ok(exists(file as string), `${document}: ${file}`);
});

t.test('every npm script and every command of dayline that is named exists', async (t) => {
  const { scripts } = JSON.parse(read('package.json'));
  const commands = [...SPELLED.matchAll(/\.command\('(\w+)/g)].map(([, name]) => name);
  t.ok(commands.includes('submit'), 'the commands are found');
  for (const document of DOCUMENTS) {
    for (const [, name] of read(document).matchAll(/\bnpm run ([\w:]+)/g))
      t.ok(scripts[name as string], `${document}: npm run ${name}`);
    for (const [, name] of read(document).matchAll(/(?:npx |`)dayline ([a-z]+)/g))
      t.ok(commands.includes(name), `${document}: dayline ${name}`);
  }
});

t.test('every option of dayline that the READMEs use exists', async (t) => {
  for (const file of READMES)
    for (const [line] of read(file).matchAll(/^npx dayline .*$/gm))
      for (const [option] of line.matchAll(/--[a-z]+/g))
        t.ok(option === '--help' || SPELLED.includes(`'${option}`), `${file}: ${option}`);
});

t.test('every setting and error code that the documents name exists', async (t) => {
  const known = new Set([...Object.keys(SettingsSchema.properties), ...Object.keys(API_ERRORS)]);
  const elsewhere = ['src/cli/client.ts', 'src/cli/address.ts', 'src/cli/program-parts.ts'].map(read).join();
  const notOurs = new Set(['NODE_ENV', 'ERR_UNKNOWN_FILE_EXTENSION']);
  for (const document of DOCUMENTS)
    for (const [, name] of read(document).matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?=[`=])/g))
      t.ok(
        known.has(name as string) || elsewhere.includes(name as string) || notOurs.has(name as string),
        `${document}: ${name}`,
      );
});

t.test('both READMEs print the same commands', async (t) => {
  const [english, chinese] = READMES.map((file) =>
    [...read(file).matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, block]) => block),
  );
  t.ok((english?.length ?? 0) > 5);
  t.strictSame(chinese, english);
});
