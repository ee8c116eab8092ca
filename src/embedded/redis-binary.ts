/** Where a Redis server binary comes from: PATH, else the Debian package unpacked into a folder of ours. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { lock } from '../../bootstrap/lock.mjs';
import { unpackDebianRedis } from './debian-redis.ts';
import { EmbeddedError } from './embedded-error.ts';

export interface RedisBinary {
  file: string;
  /** What it needs in its environment (the libraries unpacked beside it). */
  env: Record<string, string>;
}

/** Below this the scripts of the queue have not been tried. */
const LOWEST_MAJOR = 7;
const run = promisify(execFile);

/**
 * A Redis (or Valkey) server that runs on this machine. It is looked for on PATH, then in `cache`, and if it is in
 * neither it is fetched there from the Debian archive, without root; two processes at once fetch it once.
 * @param say told once, before a download
 * @throws EmbeddedError that says how to get one
 */
export async function findRedis(cache: string, say: (line: string) => void = () => {}): Promise<RedisBinary> {
  for (const name of ['redis-server', 'valkey-server']) {
    const file = onPath(name);
    if (file && (await runs({ file, env: {} }))) return { file, env: {} };
  }
  const folder = path.join(cache, 'redis');
  const unpacked = inFolder(folder);
  if (unpacked && (await runs(unpacked))) return unpacked;
  fs.mkdirSync(cache, { recursive: true });
  const held = await lock(path.join(cache, 'redis.lock'));
  try {
    const byAnother = inFolder(folder);
    if (byAnother && (await runs(byAnother))) return byAnother;
    say('Fetching Redis from the Debian archive (about 7 MB, unpacked, not installed) …');
    await unpackDebianRedis(folder);
    const fetched = inFolder(folder);
    if (fetched && (await runs(fetched))) return fetched;
    throw new EmbeddedError(
      `The Redis of this system's archive does not run here or is older than ${LOWEST_MAJOR}.`,
    );
  } catch (cause) {
    const reason = cause instanceof EmbeddedError ? cause.message : 'It could not be fetched either.';
    throw new EmbeddedError(
      `There is no Redis ${LOWEST_MAJOR} or newer on PATH. ${reason} ` +
        'Install one (apt-get install redis-server, brew install redis) or name one in REDIS_URL.',
      { cause },
    );
  } finally {
    held.release();
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

function inFolder(folder: string): RedisBinary | undefined {
  const file = path.join(folder, 'usr/bin/redis-server');
  if (!fs.existsSync(file)) return undefined;
  const libraries = ['usr/lib', 'lib']
    .map((name) => path.join(folder, name))
    .filter((name) => fs.existsSync(name))
    .flatMap((name) => [
      name,
      ...fs
        .readdirSync(name)
        .filter((entry) => entry.includes('-linux-'))
        .map((entry) => path.join(name, entry)),
    ]);
  return { file, env: { LD_LIBRARY_PATH: libraries.join(':') } };
}

async function runs(binary: RedisBinary): Promise<boolean> {
  try {
    const { stdout } = await run(binary.file, ['--version'], { env: { ...process.env, ...binary.env } });
    return Number(/v=(\d+)\./.exec(stdout)?.[1]) >= LOWEST_MAJOR;
  } catch {
    return false; // not executable here: the next source is asked
  }
}
