/**
 * Builds tap with the plugins of package.json, from what is installed. `tap build` does the same, but fetches
 * 98 packages again into .tap/plugins, outside package-lock.json; its own generator finds them in node_modules.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import '@tapjs/core'; // first, or the next one can't be loaded
import { defaultPlugins } from '@tapjs/test';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const configured = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).tap.plugin;
const plugins = [...defaultPlugins, ...configured.filter((name) => !name.startsWith('!'))]
  .filter((name) => !configured.includes(`!${name}`))
  .sort((a, b) => a.localeCompare(b, 'en'));
const generator = path.join(root, 'node_modules/@tapjs/test/dist/esm/build.mjs');
const { status } = spawnSync(process.execPath, [generator, ...plugins], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
