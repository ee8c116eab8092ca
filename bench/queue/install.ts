/** Brings the peers, which only the benchmarks need, into bench/node_modules. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../', import.meta.url);

/** Installs what bench/package-lock.json names, unless it is there in the same version. */
export function installPeers(): void {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  const there = Object.entries(dependencies).every(([name, version]) => versionOf(name) === version);
  // Not `npm ci`: it refuses a lock file that lacks the binaries of other platforms, which this registry has not.
  if (!there)
    execFileSync('npm', ['install', '--no-save', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
}

function versionOf(name: string): string | undefined {
  const file = new URL(`node_modules/${name}/package.json`, folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}
