/** Where the embedded Postgres and Redis live: DAYLINE_HOME, and who owns which part of it. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** An account other than ours that a server is run as. */
export interface Account {
  uid: number;
  gid: number;
}

/** `nobody` of Debian and most others. Postgres refuses to run as root, and making an account would change the system. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

/** The account Postgres has to be run as: undefined = ours. */
export function unprivilegedAccount(): Account | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/**
 * The folder everything Dayline keeps on this machine is in: the setting, else the data folder of the user
 * (XDG), else for root a system one, because `nobody` can't go into root's home.
 */
export function daylineHome(setting: string, env: NodeJS.ProcessEnv = process.env): string {
  if (setting) return path.resolve(setting);
  if (unprivilegedAccount()) return '/var/lib/dayline';
  const data = env.XDG_DATA_HOME;
  return path.join(data && path.isAbsolute(data) ? data : path.join(os.homedir(), '.local/share'), 'dayline');
}

/** Makes the folder if it isn't there. As root it is open to be walked through, since Postgres runs as `nobody`. */
export function makeWalkable(folder: string): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (unprivilegedAccount()) fs.chmodSync(folder, 0o711);
  return folder;
}

/** Makes the folder if it isn't there, for its owner alone. */
export function makePrivate(folder: string, owner?: Account): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner) fs.chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** The password in a file of mode 0600, made at the first time: 32 characters that need no quoting in a URL. */
export function secretIn(file: string): string {
  if (!fs.existsSync(file)) {
    // written whole and then named, so that a crash leaves no empty password
    const draft = `${file}.${process.pid}`;
    fs.writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    fs.renameSync(draft, file);
  }
  return fs.readFileSync(file, 'utf8');
}
