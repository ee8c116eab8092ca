/** What the slug of Heroku leaves out: bootstrap/slim.mjs and .slugignore. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { exists, ROOT, read } from '../docs/support.ts';
import { freshFolder } from '../support/folder.ts';

t.test('binaries that only `npm start` needs go, everything else stays', async (t) => {
  const folder = freshFolder(t, 'slug');
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  const optional = Object.keys(JSON.parse(read('package.json')).optionalDependencies);
  for (const name of [...optional, 'fastify'])
    fs.mkdirSync(path.join(folder, 'node_modules', name), { recursive: true });
  const said = execFileSync(process.execPath, [path.join(ROOT, 'bootstrap/slim.mjs'), folder], {
    encoding: 'utf8',
  });
  for (const name of optional) {
    t.notOk(fs.existsSync(path.join(folder, 'node_modules', name)), name);
    t.match(said, name);
  }
  t.ok(fs.existsSync(path.join(folder, 'node_modules/fastify')));
  t.equal(JSON.parse(read('package.json')).scripts['heroku-cleanup'], 'node bootstrap/slim.mjs');
});

t.test('.slugignore names what is there, and nothing that runs', async (t) => {
  for (const line of read('.slugignore').trim().split('\n')) {
    t.ok(exists(line.slice(1)), line);
    t.notMatch(line, /^\/(src|workers|migrations|bootstrap|package)/);
  }
});
