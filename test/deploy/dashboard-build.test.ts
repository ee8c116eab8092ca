/** The dashboard is built from what the image and Heroku have, and again only when something has changed. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { ROOT, read } from '../docs/support.ts';
import { freshFolder } from '../support/folder.ts';

const run = promisify(execFile);

t.test('from the files that the image gets; a second time there is nothing to do', async (t) => {
  const folder = freshFolder(t, 'build');
  const kept = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name as string);
  for (const name of kept) fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const build = async () =>
    (await run(process.execPath, ['bootstrap/prepare.mjs', 'build'], { cwd: folder })).stdout;
  const page = path.join(folder, 'dist/dashboard/index.html');

  t.match(await build(), 'Building the dashboard');
  const first = fs.readFileSync(page, 'utf8');
  t.match(first, /src="\/assets\/index-[\w-]+\.js"/);
  t.equal(await build(), '', 'nothing has changed');

  fs.appendFileSync(path.join(folder, 'src/dashboard/dashboard.css'), '\n.changed { color: red; }\n');
  t.match(await build(), 'Building the dashboard');
  t.not(fs.readFileSync(page, 'utf8'), first);
  t.same(fs.readdirSync(path.join(folder, 'dist')), ['dashboard'], 'nothing is left beside it');
});

t.test('the image and Heroku build it', async (t) => {
  const { scripts, devDependencies } = JSON.parse(read('package.json'));
  t.equal(scripts.build, 'node bootstrap/prepare.mjs build', 'what the buildpack of Heroku runs');
  t.ok(devDependencies.vite, 'and takes away after the build');
  t.match(read('Dockerfile'), /RUN npm run build[\s\S]*COPY --from=dashboard \/app\/dist dist/);
});
