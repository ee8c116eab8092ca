/** The Node that runs our TypeScript: 24 or newer. Plain JavaScript for Node 20, which may be all there is. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const NODE_MAJOR = 24;
export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

const major = (version) => Number(/^v?(\d+)/.exec(version)?.[1]);

/**
 * The path of a Node that is new enough: this one, else the one npm has brought.
 * @throws Error that names the version needed
 */
export function findNode({
  version = process.versions.node,
  execPath = process.execPath,
  folder = root,
} = {}) {
  if (major(version) >= NODE_MAJOR) return execPath;
  const brought = path.join(folder, 'node_modules/.bin/node');
  if (
    fs.existsSync(brought) &&
    major(execFileSync(brought, ['--version'], { encoding: 'utf8' })) >= NODE_MAJOR
  )
    return brought;
  throw new Error(
    `Dayline needs Node ${NODE_MAJOR} or newer, this is ${version}. On Linux (x64, arm64) \`npm ci\` brings one; ` +
      `elsewhere install Node ${NODE_MAJOR} (nodejs.org, brew install node@${NODE_MAJOR}).`,
  );
}
