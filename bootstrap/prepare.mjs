/**
 * `prestart`, `pretest` and `build`: brings the packages (and with them Node 24) to what package-lock.json says,
 * builds the dashboard, and for tests tap. Plain JavaScript for Node 20 without packages, since there are none yet.
 *
 * usage: node bootstrap/prepare.mjs start|test|build
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildDashboard, dashboardIsStale } from './dashboard.mjs';
import { lock } from './lock.mjs';
import { firstDifference } from './lockfile.mjs';
import { findNode, root } from './node24.mjs';

const forTests = process.argv[2] === 'test';

/** Says what is done, and afterwards how long it took. */
async function step(what, work) {
  const begun = performance.now();
  console.log(`${what} …`);
  await work();
  console.log(`  done in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

function run(command, args, { quiet = false } = {}) {
  const bin = path.join(root, 'node_modules/.bin');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with ${signal ?? code}`)),
    );
  });
}

const readJson = (name) => {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

function installIsNeeded() {
  const installed = readJson('node_modules/.package-lock.json');
  const dev = forTests || dashboardIsStale(); // what builds the page is needed for that alone
  return firstDifference(readJson('package-lock.json') ?? {}, installed, { dev }) !== undefined;
}

/**
 * tap carries the list of plugins it was built with. As it comes from npm it has one that TypeScript 7 breaks; one
 * that was built for an older checkout has tsx.
 */
function tapIsBuilt() {
  try {
    const built = fs.readFileSync(
      path.join(root, 'node_modules/@tapjs/test/test-built/dist/esm/index.js'),
      'utf8',
    );
    const plugins = /^export const signature = `([^`]+)`/m.exec(built)[1].split('\n');
    return !plugins.includes('@tapjs/typescript') && !plugins.includes('@tapjs/tsx');
  } catch {
    return false;
  }
}

async function prepare() {
  if (!installIsNeeded() && !dashboardIsStale() && (!forTests || tapIsBuilt())) return;
  const held = await lock(path.join(root, '.prepare.lock'), {
    onWait: (pid) => console.log(`Another process (${pid}) is installing; waiting for it …`),
  });
  try {
    // asked again: another process may have done it while this one waited
    if (installIsNeeded())
      await step('Installing the packages that package-lock.json names (npm ci)', () =>
        run('npm', [
          'ci',
          '--include=dev',
          '--include=optional',
          '--loglevel=error',
          '--no-audit',
          '--no-fund',
        ]),
      );
    if (forTests && !tapIsBuilt())
      await step('Building tap with its plugins', () =>
        run('node', [path.join(root, 'bootstrap/build-tap.mjs')], { quiet: true }),
      );
    if (dashboardIsStale()) await step('Building the dashboard', () => buildDashboard(run));
  } finally {
    held.release();
  }
}

try {
  await prepare();
  findNode();
} catch (error) {
  console.error(`Dayline could not be prepared: ${error.message}`);
  process.exitCode = 1;
}
