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
    prepareFonts(folder);
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

/**
 * The fonts of the pictures, in a folder of their own: from the packages, or those of the machine. Where fontconfig
 * sees others, a name that the page asks for and nobody has is answered with any of them, a serif too.
 */
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono*.ttf', 'wqy-*.ttc'];

/** Each time, so that a cache of before has the rules of now; written only where they differ. */
function prepareFonts(folder: string): void {
  const fonts = path.join(folder, 'fonts');
  fs.mkdirSync(fonts, { recursive: true });
  for (const root of [path.join(folder, 'usr/share/fonts'), '/usr/share/fonts'])
    for (const name of fs.globSync(
      FONTS.map((font) => `**/${font}`),
      { cwd: root },
    )) {
      const link = path.join(fonts, path.basename(name));
      if (!fs.existsSync(link)) fs.symlinkSync(path.join(root, name), link);
    }
  const file = path.join(folder, 'fonts.conf');
  const conf = fontsConf(fonts);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === conf) return;
  fs.writeFileSync(`${file}.new`, conf);
  fs.renameSync(`${file}.new`, file);
}

/** fontconfig looks in the folders of its package, which lies elsewhere here. */
function fontsConf(fonts: string): string {
  const families = [
    ['sans-serif', 'DejaVu Sans', 'WenQuanYi Micro Hei'],
    ['system-ui', 'DejaVu Sans', 'WenQuanYi Micro Hei'],
    ['monospace', 'DejaVu Sans Mono', 'WenQuanYi Micro Hei Mono'],
  ];
  const aliases = families.map(([family, ...preferred]) => {
    const names = preferred.map((name) => `<family>${name}</family>`).join('');
    return `<alias binding="same"><family>${family}</family><prefer>${names}</prefer></alias>`;
  });
  const lines = [`<dir>${fonts}</dir>`, ...aliases, '<cachedir prefix="xdg">fontconfig</cachedir>'].join(
    '\n',
  );
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
