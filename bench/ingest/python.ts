/**
 * What a Python user of TuShare has: pandas, SQLAlchemy and psycopg2 as Debian packages them, unpacked into the
 * cache without installing anything.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { privateApt } from '../../src/embedded/debian-archive.ts';
import { daylineHome } from '../../src/embedded/home.ts';

const run = promisify(execFile);
const PACKAGES = ['python3-pandas', 'python3-psycopg2', 'python3-sqlalchemy'];

export interface Python {
  binary: string;
  env: Record<string, string>;
  /** Versions of Python, pandas, psycopg2 and SQLAlchemy. */
  versions: string;
}

/** @throws Error where the packages can't be had or don't run */
export async function findPython(): Promise<Python> {
  const folder = path.join(daylineHome(process.env.DAYLINE_HOME ?? ''), 'cache', 'debian-pandas');
  if (!fs.existsSync(folder)) await unpack(folder);
  const python = pythonIn(folder);
  const { stdout } = await run(
    python.binary,
    [
      '-c',
      'import sys,pandas,psycopg2,sqlalchemy as s;print(sys.version.split()[0],pandas.__version__,psycopg2.__version__.split()[0],s.__version__)',
    ],
    { env: python.env },
  );
  return { ...python, versions: stdout.trim() };
}

async function unpack(folder: string): Promise<void> {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const work = fs.mkdtempSync(`${folder}.`);
  try {
    const apt = await privateApt(work);
    const root = path.join(work, 'root');
    await apt.unpack(await apt.lacking(PACKAGES), root);
    fs.renameSync(root, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** The unpacked Python where Debian's own was lacking too, else that of the machine. */
function pythonIn(folder: string): Omit<Python, 'versions'> {
  const unpacked = path.join(folder, 'usr/bin/python3');
  const lib = path.join(folder, 'usr/lib');
  const triplets = fs.readdirSync(lib).filter((name) => name.endsWith('-linux-gnu'));
  const libraries = triplets.flatMap((name) =>
    ['', 'blas', 'lapack'].map((part) => path.join(lib, name, part)),
  );
  return {
    binary: fs.existsSync(unpacked) ? unpacked : '/usr/bin/python3',
    env: {
      PATH: process.env.PATH ?? '',
      PYTHONPATH: path.join(lib, 'python3/dist-packages'),
      PYTHONDONTWRITEBYTECODE: '1',
      LD_LIBRARY_PATH: libraries.join(':'),
    },
  };
}
