/** The same rows by psql \copy, 6,000 a command, into the same empty table with its indexes. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { privateApt } from '../../src/embedded/debian-archive.ts';
import { daylineHome } from '../../src/embedded/home.ts';
import { copyText, daysOf, FIELDS } from './market.ts';

const run = promisify(execFile);
const ROWS_A_COMMAND = 6_000;

/** psql of this machine, else Debian's, unpacked into the cache. @throws Error where neither can be had */
export async function findPsql(): Promise<string> {
  const installed = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => path.join(folder, 'psql'))
    .find((file) => fs.existsSync(file));
  if (installed) return installed;
  const folder = path.join(daylineHome(process.env.DAYLINE_HOME ?? ''), 'cache', 'debian-psql');
  if (!fs.existsSync(folder)) {
    const work = fs.mkdtempSync(`${folder}.`);
    const apt = await privateApt(work);
    await apt.unpack(await apt.lacking(['postgresql-client']), path.join(work, 'root'));
    fs.renameSync(path.join(work, 'root'), folder);
    fs.rmSync(work, { recursive: true, force: true });
  }
  const versions = path.join(folder, 'usr/lib/postgresql');
  const [version] = fs.readdirSync(versions);
  return path.join(versions, version ?? '', 'bin/psql');
}

/** Writes the commands once. @returns a run of them, which gives the seconds it took */
export function psqlRun(psql: string, database: string, folder: string, days: number, stocks: number) {
  const lines = copyText(daysOf(days), stocks);
  const commands: string[] = [];
  for (let at = 0; at < lines.length; at += ROWS_A_COMMAND) {
    const file = path.join(folder, `${at}.tsv`);
    fs.writeFileSync(file, `${lines.slice(at, at + ROWS_A_COMMAND).join('\n')}\n`);
    commands.push(`\\copy bars_one (${FIELDS.join()}) FROM '${file}'`);
  }
  const script = path.join(folder, 'copy.sql');
  fs.writeFileSync(script, commands.join('\n'));
  return async () => {
    const began = performance.now();
    await run(psql, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database, '-f', script]);
    return { rows: lines.length, seconds: (performance.now() - began) / 1000 };
  };
}
