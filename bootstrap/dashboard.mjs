/**
 * Builds the dashboard (src/dashboard) into dist/dashboard, when it is not the one that its sources make: `npm run
 * build`, and part of `npm start` and `npm test`. Plain JavaScript for Node 20, like everything in this folder.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { root } from './node24.mjs';

const OUT = path.join(root, 'dist/dashboard');
/** What decides about the result: the page's own files, what it imports from elsewhere, and the packages. */
const SOURCES = [
  'src/dashboard',
  'tsconfig.json',
  'src/cli/error-words.ts',
  'src/datasets/groups.ts',
  'src/queue/attempts.ts',
  'package-lock.json',
];

/** Whether dist/dashboard was made from other sources than those that are here, or not at all. */
export function dashboardIsStale() {
  try {
    return fs.readFileSync(path.join(OUT, 'sources.sha256'), 'utf8') !== hashOfSources();
  } catch {
    return true;
  }
}

/**
 * Builds beside the present one and puts it in its place, so that web never serves half a build.
 * @param {(file: string, args: string[]) => Promise<void>} run runs a program of node_modules/.bin
 */
export async function buildDashboard(run) {
  const hash = hashOfSources();
  const fresh = `${OUT}.${process.pid}`;
  try {
    await run('vite', [
      'build',
      '--config',
      path.join(root, 'src/dashboard/vite.config.ts'),
      '--outDir',
      fresh,
      '--logLevel',
      'warn',
    ]);
    compressEach(path.join(fresh, 'assets'));
    fs.writeFileSync(path.join(fresh, 'sources.sha256'), hash);
    fs.rmSync(OUT, { recursive: true, force: true });
    fs.renameSync(fresh, OUT);
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

/** Once at the build, so that web compresses nothing. */
function compressEach(folder) {
  for (const name of fs.readdirSync(folder)) {
    const bytes = fs.readFileSync(path.join(folder, name));
    fs.writeFileSync(path.join(folder, `${name}.gz`), zlib.gzipSync(bytes, { level: 9 }));
  }
}

function hashOfSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesBelow(path.join(root, source))) {
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(fs.readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function filesBelow(place) {
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs
    .readdirSync(place)
    .sort()
    .flatMap((name) => filesBelow(path.join(place, name)));
}
