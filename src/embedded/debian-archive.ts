/** The Debian (or Ubuntu) archive without root and without installing: private package lists, download, `dpkg -x`. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Fetches the package lists.
 * @param work an empty folder that everything but the unpacked files stays in
 * @throws Error where there is no apt
 */
export async function privateApt(work: string) {
  const folder = (name: string) => {
    fs.mkdirSync(path.join(work, name), { recursive: true });
    return path.join(work, name);
  };
  folder('lists/partial');
  folder('cache/archives/partial');
  const options = [
    ...[
      '-qq',
      '-o',
      `Dir::State::Lists=${path.join(work, 'lists')}`,
      '-o',
      `Dir::Cache=${path.join(work, 'cache')}`,
    ],
    ...['-o', 'Debug::NoLocking=true', '-o', 'APT::Sandbox::User=', '-o', 'APT::Get::List-Cleanup=0'],
    ...['-o', 'Acquire::Languages=none', '-o', 'Acquire::Retries=2'],
  ];
  const env = { ...process.env, LC_ALL: 'C' };
  // third-party sources may fail; whether the packages can be had shows at the download
  await run('apt-get', [...options, 'update'], { env }).catch((error) => {
    if (error.code === 'ENOENT') throw error;
  });
  return {
    async unpack(packages: string[], root: string): Promise<void> {
      const cwd = fs.mkdtempSync(path.join(work, 'deb-'));
      await run('apt-get', [...options, 'download', ...packages], { env, cwd });
      for (const name of fs.readdirSync(cwd)) await run('dpkg', ['-x', path.join(cwd, name), root]);
    },
    /** The packages and all that this machine lacks for them, as `apt-get install` would choose; nothing is installed. */
    async lacking(packages: string[]): Promise<string[]> {
      const { stdout } = await run(
        'apt-get',
        [...options, '--simulate', '-o', 'APT::Install-Recommends=0', 'install', ...packages],
        { env },
      );
      return [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] as string);
    },
    async librariesOf(packages: string[]): Promise<string[]> {
      const { stdout } = await run(
        'apt-cache',
        [...options.slice(1), 'depends', '--important', ...packages],
        { env },
      );
      const names = [...stdout.matchAll(/^\s+Depends: (lib[\w.+-]+)$/gm)].map((match) => match[1] as string);
      return [...new Set(names)].filter((name) => name !== 'libc6');
    },
  };
}
