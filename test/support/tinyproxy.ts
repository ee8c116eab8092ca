/** tinyproxy, a real proxy: from PATH, else from the Debian archive, unpacked beside the Redis of the tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { lock } from '../../bootstrap/lock.mjs';
import { privateApt } from '../../src/embedded/debian-archive.ts';
import { freePort } from '../../src/embedded/port.ts';
import { freshFolder } from './folder.ts';
import type { Torn } from './torn.ts';

export interface Tinyproxy {
  readonly url: string;
  readonly port: number;
  /** What it has logged: a line for each request, with its method and target. */
  log(): string;
}

/** Its settings take only letters, digits, dot, dash and underscore. */
export const TINYPROXY_USER = 'day.line';
export const TINYPROXY_PASSWORD = 'tiny-pass_word.1';

/** Starts one on a port of its own; it ends with the test. The first time on a machine it is fetched: 65 KB. */
export async function startTinyproxy(t: Torn): Promise<Tinyproxy> {
  const folder = freshFolder(t, 'tinyproxy');
  const port = await freePort(0);
  const log = path.join(folder, 'log');
  const settings = path.join(folder, 'tinyproxy.conf');
  fs.writeFileSync(
    settings,
    `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nLogLevel Connect\nLogFile "${log}"\n` +
      `BasicAuth ${TINYPROXY_USER} ${TINYPROXY_PASSWORD}\n`,
  );
  const child = spawn(await findTinyproxy(), ['-d', '-c', settings], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  await Promise.race([
    listening(port),
    gone.then(() => Promise.reject(new Error('tinyproxy ended at its start'))),
  ]);
  const url = `http://${TINYPROXY_USER}:${encodeURIComponent(TINYPROXY_PASSWORD).replace('.', '%2E')}@127.0.0.1:${port}`;
  return { url, port, log: () => fs.readFileSync(log, 'utf8') };
}

async function findTinyproxy(): Promise<string> {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'tinyproxy'));
  const cache = process.env.DAYLINE_TEST_CACHE;
  if (!cache) throw new Error('No cache for tests: run them with `npm test -- <file>`.');
  const unpacked = path.join(cache, 'tinyproxy/usr/bin/tinyproxy');
  const found = [...onPath, unpacked].find((file) => fs.existsSync(file));
  if (found) return found;
  fs.mkdirSync(cache, { recursive: true });
  const held = await lock(path.join(cache, 'tinyproxy.lock'));
  try {
    if (!fs.existsSync(unpacked)) await unpack(path.join(cache, 'tinyproxy'));
    return unpacked;
  } catch (cause) {
    throw new Error('There is no tinyproxy on PATH, and none could be fetched: install it for this test.', {
      cause,
    });
  } finally {
    held.release();
  }
}

async function unpack(folder: string): Promise<void> {
  const work = fs.mkdtempSync(`${folder}.`);
  try {
    const apt = await privateApt(work);
    const root = path.join(work, 'root');
    await apt.unpack(['tinyproxy-bin'], root);
    fs.renameSync(root, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Resolves when somebody takes connections at the port. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const socket = net.connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (tries > 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      socket.destroy();
    }
  }
}
