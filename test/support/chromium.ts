/** Chromium for tests: from PATH, else Debian's headless shell, unpacked into the cache without root or installing. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { lock } from '../../bootstrap/lock.mjs';
import { privateApt } from '../../src/embedded/debian-archive.ts';

export interface ChromiumBinary {
  file: string;
  env: Record<string, string>;
}

/** The browser, and fonts, since a bare machine may have none: one for Latin, one small for Chinese. */
const PACKAGES = ['chromium-headless-shell', 'fonts-dejavu-core', 'fonts-wqy-microhei'];
const run = promisify(execFile);

/**
 * Finds one, and fetches it the first time (70 MB, 20 packages on a bare Debian 12): two processes at once do it once.
 * @throws Error that says how to get one
 */
export async function findChromium(): Promise<ChromiumBinary> {
  const installed = ['chromium', 'chromium-headless-shell', 'google-chrome'].flatMap((name) =>
    (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name)),
  );
  const file = installed.find((candidate) => fs.existsSync(candidate));
  if (file) return { file, env: {} };
  const cache = process.env.DAYLINE_TEST_CACHE;
  if (!cache) throw new Error('No cache for tests: run them with `npm test -- <file>`.');
  const folder = path.join(cache, 'chromium');
  const held = await lock(path.join(cache, 'chromium.lock'));
  try {
    if (!fs.existsSync(folder)) await unpack(folder);
    writeFontsConf(folder);
    const found = inFolder(folder);
    await run(found.file, ['--version'], { env: { ...process.env, ...found.env } });
    return found;
  } catch (cause) {
    const message =
      'There is no chromium on PATH, and none could be fetched from the Debian archive: install it.';
    throw new Error(message, { cause });
  } finally {
    held.release();
  }
}

async function unpack(folder: string): Promise<void> {
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

/** Each time, so that a cache of before has the rules of now; at once, since other browsers may be reading it. */
function writeFontsConf(folder: string): void {
  const file = path.join(folder, 'fonts.conf');
  fs.writeFileSync(`${file}.new`, fontsConf(path.join(folder, 'usr/share/fonts')));
  fs.renameSync(`${file}.new`, file);
}

/**
 * fontconfig looks in the folders of its package, which lies elsewhere here. Only the fonts above are taken: where
 * others are there, a name that the page asks for and nobody has would be answered with any of them, a serif too.
 */
function fontsConf(fonts: string): string {
  const taken = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono*', 'wqy-*'];
  const globs = (names: string[]) => names.map((name) => `<glob>*/${name}</glob>`).join('');
  const only = `<selectfont><acceptfont>${globs(taken)}</acceptfont><rejectfont>${globs(['*.ttf', '*.otf', '*.ttc', '*.pf?'])}</rejectfont></selectfont>`;
  const folders = [fonts, '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`);
  const families = [
    ['sans-serif', 'DejaVu Sans', 'WenQuanYi Micro Hei'],
    ['system-ui', 'DejaVu Sans', 'WenQuanYi Micro Hei'],
    ['monospace', 'DejaVu Sans Mono', 'WenQuanYi Micro Hei Mono'],
  ];
  const aliases = families.map(([family, ...preferred]) => {
    const names = preferred.map((name) => `<family>${name}</family>`).join('');
    return `<alias binding="same"><family>${family}</family><prefer>${names}</prefer></alias>`;
  });
  const lines = [...folders, only, ...aliases, '<cachedir prefix="xdg">fontconfig</cachedir>'].join('\n');
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${lines}\n</fontconfig>\n`;
}

function inFolder(folder: string): ChromiumBinary {
  const libraries = fs
    .globSync(['usr/lib/*-linux-*', 'usr/lib/*-linux-*/pulseaudio', 'lib/*-linux-*'], { cwd: folder })
    .map((name) => path.join(folder, name));
  const env = { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: path.join(folder, 'fonts.conf') };
  const shell = fs.globSync('usr/lib/chromium*/*headless-shell*', { cwd: folder })[0];
  return { file: path.join(folder, shell ?? 'usr/bin/chromium-headless-shell'), env };
}
