/**
 * Three faults of Bottleneck 2.19.5 that would break the call window, mended where its scripts are loaded:
 *
 * 1. Its scripts count time by each client's own clock. A client 1.5 s ahead let 65 calls through a window of 40
 *    (measured). Mended: `now` is the TIME of Redis.
 * 2. Redis ≥ 7 puts "ERR " before the errors of scripts, and Bottleneck compares the whole message. A client that
 *    was silent for 10 s, or whose state was lost, would be refused for good. Mended: the prefix is taken off.
 * 3. A registration that ioredis repeats after a cut connection is counted twice and given back once: one slot
 *    less for good. Mended: registering the same job again changes nothing.
 *
 * Works on a single Redis and on Redis Cluster (every script still runs by its declared keys).
 */
import { createRequire } from 'node:module';
import type Bottleneck from 'bottleneck';

const PATCHED_VERSION = '2.19.5';

const CLIENT_CLOCK = 'local now = tonumber(ARGV[1])';
const SERVER_CLOCK = `local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)`;

const REGISTER_ARGUMENTS = 'local expiration = tonumber(ARGV[num_static_argv + 3])';
const REGISTER_ONCE = `${REGISTER_ARGUMENTS}
if redis.call('hexists', job_weights_key, index) == 1 then return {true, 0} end`;

/** "ERR UNKNOWN_CLIENT", "ERR OVERWEIGHT:2:1": only the names that Bottleneck itself gives its errors. */
const ERROR_PREFIX = /^ERR (?=[A-Z_]+(:|$))/;

interface Scripts {
  names: string[];
  payload(name: string): string;
}

type ScriptCallback = (error: Error | null, reply?: unknown) => void;

/** The part of an ioredis client that Bottleneck uses: one method per script, with a callback as last argument. */
interface ScriptClient {
  defineCommand(name: string, definition: { lua: string }): void;
  [script: string]: unknown;
}

/**
 * Loads the mended scripts into a connection, once it is ready. Limiters may be made on it afterwards, not before.
 * @throws Error when the installed Bottleneck is not the one these patches were written for.
 */
export async function patchBottleneck(connection: Bottleneck.IORedisConnection): Promise<void> {
  const scripts = installedScripts();
  const { client } = await (connection.ready as unknown as Promise<{ client: ScriptClient }>); // typed as a method
  for (const name of scripts.names) {
    client.defineCommand(name, { lua: mendedLua(name, scripts.payload(name)) });
    client[name] = withoutPrefix(client, client[name] as (...args: unknown[]) => unknown);
  }
}

function installedScripts(): Scripts {
  const require = createRequire(import.meta.url);
  const { version } = require('bottleneck/lib/version.json') as { version: string };
  if (version !== PATCHED_VERSION) {
    throw new Error(
      `The call window is written for bottleneck ${PATCHED_VERSION}, but ${version} is installed.`,
    );
  }
  return require('bottleneck/lib/Scripts.js') as Scripts;
}

function mendedLua(name: string, lua: string): string {
  const byServer = replaceOnce(name, lua, CLIENT_CLOCK, SERVER_CLOCK);
  return name === 'register' ? replaceOnce(name, byServer, REGISTER_ARGUMENTS, REGISTER_ONCE) : byServer;
}

function replaceOnce(name: string, lua: string, found: string, replacement: string): string {
  const parts = lua.split(found);
  if (parts.length !== 2)
    throw new Error(`Bottleneck's script ${name} is not the one the call window patches.`);
  return parts.join(replacement);
}

function withoutPrefix(client: ScriptClient, command: (...args: unknown[]) => unknown) {
  return (...args: unknown[]) => {
    const callback = args.pop() as ScriptCallback;
    const mended: ScriptCallback = (error, reply) => {
      if (error) error.message = error.message.replace(ERROR_PREFIX, '');
      callback(error, reply);
    };
    return command.call(client, ...args, mended);
  };
}
