/**
 * `heroku-cleanup`: takes out of node_modules what npm brings for `npm start` on a machine without servers (Node and
 * Postgres binaries), where the platform has its own. Plain JavaScript without packages, as prepare.mjs.
 *
 * usage: node bootstrap/slim.mjs [folder of the application]
 */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './node24.mjs';

const folder = path.resolve(process.argv[2] ?? root);
const { optionalDependencies } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
for (const name of Object.keys(optionalDependencies)) {
  const place = path.join(folder, 'node_modules', name);
  if (!fs.existsSync(place)) continue;
  fs.rmSync(place, { recursive: true });
  console.log(`Left out of the slug: ${name}`);
}
// npm has linked this name to the Node that has just gone
fs.rmSync(path.join(folder, 'node_modules/.bin/node'), { force: true });
