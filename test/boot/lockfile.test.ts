import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { firstDifference } from '../../bootstrap/lockfile.mjs';

const here = { dev: true, platform: 'linux', arch: 'x64' };
const entry = { version: '1.0.0', integrity: 'sha512-a' };
const locked = (packages: Record<string, object>) => ({ packages: { '': {}, ...packages } }) as never;

t.test('the lockfile and the installation of this very project agree', (t) => {
  const root = path.join(import.meta.dirname, '../..');
  const read = (name: string) => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));
  t.equal(
    firstDifference(read('package-lock.json'), read('node_modules/.package-lock.json'), { dev: true }),
    undefined,
  );
  t.end();
});

t.test('what makes an installation necessary', (t) => {
  const wanted = locked({ 'node_modules/a': entry, 'node_modules/a/node_modules/@x/b': entry });
  t.equal(firstDifference(wanted, undefined, here), 'a', 'nothing is installed');
  t.equal(firstDifference(wanted, locked({ 'node_modules/a': entry }), here), '@x/b', 'one is missing');
  for (const change of [{ version: '1.0.1' }, { integrity: 'sha512-b' }])
    t.equal(
      firstDifference(
        locked({ 'node_modules/a': entry }),
        locked({ 'node_modules/a': { ...entry, ...change } }),
        here,
      ),
      'a',
    );
  const forUs = { ...entry, optional: true, os: ['linux'], cpu: ['x64'] };
  t.equal(
    firstDifference(locked({ 'node_modules/node24': forUs }), locked({}), here),
    'node24',
    'an optional package for this platform was left out (--omit=optional)',
  );
  t.equal(firstDifference(locked({ 'node_modules/a': { ...entry, dev: true } }), locked({}), here), 'a');
  t.end();
});

t.test('what does not', (t) => {
  const same = (wanted: object, installed: object, options = here) =>
    t.equal(firstDifference(locked(wanted as never), locked(installed as never), options), undefined);
  same({ 'node_modules/a': { ...entry, resolved: 'x' } }, { 'node_modules/a': { ...entry, resolved: 'y' } });
  same({ 'node_modules/a': entry }, { 'node_modules/a': entry, 'node_modules/more': entry });
  same({ 'node_modules/mac': { ...entry, optional: true, os: ['darwin'] } }, {});
  same({ 'node_modules/arm': { ...entry, optional: true, os: ['linux'], cpu: ['arm64'] } }, {});
  same({ 'node_modules/not': { ...entry, optional: true, os: ['!linux'] } }, {});
  same(
    { 'node_modules/musl': { ...entry, optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] } },
    {},
  );
  same({ 'node_modules/dev': { ...entry, dev: true } }, {}, { ...here, dev: false });
  t.end();
});
