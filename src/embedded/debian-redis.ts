/**
 * Redis from the Debian (or Ubuntu) archive without root and without installing: private package lists, download,
 * `dpkg -x`. Measured on Debian 12: 1.9 s.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { privateApt } from './debian-archive.ts';
import { EmbeddedError } from './embedded-error.ts';

const run = promisify(execFile);

/**
 * Unpacks redis-server and the libraries this machine lacks for it, so that <folder>/usr/bin/redis-server exists.
 * A folder that is there already is replaced; half an unpacking is never seen under this name.
 * @throws EmbeddedError where there is no Debian archive, or it can't be reached
 */
export async function unpackDebianRedis(folder: string): Promise<void> {
  const work = fs.mkdtempSync(`${folder}.`);
  try {
    const apt = await privateApt(work);
    const root = path.join(work, 'root');
    let wanted = ['redis-server', 'redis-tools'];
    // what a package needs is fetched only if the machine lacks it; needs of needs: three rounds are plenty
    for (let round = 0; round < 3 && wanted.length > 0; round += 1) {
      await apt.unpack(wanted, root);
      wanted = (await lacksLibraries(root)) ? await apt.librariesOf(wanted) : [];
    }
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(root, folder);
  } catch (cause) {
    throw new EmbeddedError('It could not be fetched from the Debian archive either.', { cause });
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Whether the dynamic linker misses a library of the unpacked server. */
async function lacksLibraries(root: string): Promise<boolean> {
  const libraries = ['usr/lib', 'lib'].flatMap((name) =>
    fs.existsSync(path.join(root, name))
      ? fs.readdirSync(path.join(root, name)).map((entry) => path.join(root, name, entry))
      : [],
  );
  const { stdout } = await run('ldd', [path.join(root, 'usr/bin/redis-server')], {
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') },
  });
  return stdout.includes('not found');
}
