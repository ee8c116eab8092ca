/**
 * Bottleneck 2.19.5 counts the slots of the call window; here its scripts are made to keep a strict window.
 *
 * Three faults are mended where the scripts are loaded:
 *
 * 1. Its scripts count time by each client's own clock. A client 1.5 s ahead let 65 calls through a window of 40
 *    (measured). Mended: `now` is the TIME of Redis.
 * 2. Redis ≥ 7 puts "ERR " before the errors of scripts, and Bottleneck compares the whole message. A client that
 *    was silent for 10 s, or whose state was lost, would be refused for good. Mended: the prefix is taken off.
 * 3. A registration that ioredis repeats after a cut connection is counted twice and given back once: one slot
 *    less for good. Mended: registering the same job again changes nothing.
 *
 * And two things are added:
 *
 * 4. `register` asks lua/admission.lua who may have the slot.
 * 5. `free` gives a slot back after a time: Redis holds it until then, so that it comes free at that moment even
 *    when its process has died, and no process needs a timer or a command for a slot at rest.
 *
 * Works on a single Redis and on Redis Cluster: what the scripts touch stands under one hash tag.
 */
import { createRequire } from 'node:module';
import type Bottleneck from 'bottleneck';
import { luaOf } from './limit-scripts.ts';

const PATCHED_VERSION = '2.19.5';

const CLIENT_CLOCK = 'local now = tonumber(ARGV[1])';
const SERVER_CLOCK = `local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)`;

const REGISTER_ARGUMENTS = 'local expiration = tonumber(ARGV[num_static_argv + 3])';
const REGISTER_ONCE = `${REGISTER_ARGUMENTS}
if redis.call('hexists', job_weights_key, index) == 1 then return {true, 0, false, 0} end`;
const REGISTER_CHECK = 'if conditions_check(capacity, weight) then';
const REGISTER_REPLY = 'return {true, wait, reservoir}';

const FREE_NOW = "redis.call('zadd', job_expirations_key, 0, index)";
const FREE_LATER = `local hold_ms = tonumber(ARGV[num_static_argv + 2])
-- one that has expired is free, though Bottleneck has not noticed yet
if tonumber(redis.call('zscore', job_expirations_key, index) or '-1') >= now then
  redis.call('zadd', job_expirations_key, hold_ms > 0 and now + hold_ms or 0, index)
end`;

/** Where Bottleneck forgets slots that are free: the burst of admission.lua forgets them too. */
const FORGET = "redis.call('hdel',  job_weights_key, unpack(batch))";
const FORGET_BURST = `${FORGET}
      redis.call('srem', settings_key .. '_burst', unpack(batch))`;

/** "ERR UNKNOWN_CLIENT", "ERR OVERWEIGHT:2:1": only the names that Bottleneck itself gives its errors. */
const ERROR_PREFIX = /^ERR (?=[A-Z_]+(:|$))/;

/** What one limiter has to say in its scripts. */
export interface ScriptHooks {
  /** Bottleneck asks for a slot under a name of its own. @returns the name in Redis and the arguments of admission.lua */
  asks(job: string): { slot: string; args: (string | number)[] };
  /** The answer: the number of grants, or when to ask again. */
  answered(job: string, granted: { grants: number } | { again_ms: number; why: string }): void;
  /** The job has ended. @returns the slot's name in Redis and for how long it is held, in ms */
  ends(job: string): { slot: string; holdMs: number };
  /** Redis has it. */
  ended(job: string): void;
}

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

/** Bottleneck calls a script with: number of keys (8), the keys, its clock, its client's id, then the job. */
const FIRST_KEY = 1;
const JOB = 11;

/**
 * Loads the mended scripts into a connection, once it is ready. Limiters may be made on it afterwards, not before.
 * @param hooks of the limiters on this connection, by the id of the limiter; none for one that only counts
 * @throws Error when the installed Bottleneck is not the one these patches were written for.
 */
export async function patchBottleneck(
  connection: Bottleneck.IORedisConnection,
  hooks: ReadonlyMap<string, ScriptHooks>,
): Promise<void> {
  const scripts = installedScripts();
  const { client } = await (connection.ready as unknown as Promise<{ client: ScriptClient }>); // typed as a method
  for (const name of scripts.names) {
    client.defineCommand(name, { lua: mendedLua(name, scripts.payload(name)) });
    const command = withoutPrefix(client, client[name] as (...args: unknown[]) => unknown);
    client[name] = name === 'register' || name === 'free' ? hooked(name, command, hooks) : command;
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

function mendedLua(name: string, original: string): string {
  const replace = (lua: string, found: string, replacement: string) =>
    replaceOnce(name, lua, found, replacement);
  let lua = replace(original, CLIENT_CLOCK, SERVER_CLOCK);
  if (lua.includes('local process_tick')) lua = replace(lua, FORGET, FORGET_BURST);
  if (name === 'free') lua = replace(lua, FREE_NOW, FREE_LATER);
  if (name !== 'register') return lua;
  lua = replace(lua, REGISTER_ARGUMENTS, REGISTER_ONCE);
  lua = replace(lua, REGISTER_CHECK, `${luaOf('admission')}\n${REGISTER_CHECK}`);
  return replace(lua, REGISTER_REPLY, 'return {true, wait, reservoir or false, grants}');
}

function replaceOnce(name: string, lua: string, found: string, replacement: string): string {
  const parts = lua.split(found);
  if (parts.length !== 2)
    throw new Error(`Bottleneck's script ${name} is not the one the call window patches.`);
  return parts.join(replacement);
}

type Command = (...args: unknown[]) => unknown;

function withoutPrefix(client: ScriptClient, command: Command): Command {
  return (...args) => {
    const callback = args.pop() as ScriptCallback;
    const mended: ScriptCallback = (error, reply) => {
      if (error) error.message = error.message.replace(ERROR_PREFIX, '');
      callback(error, reply);
    };
    return command.call(client, ...args, mended);
  };
}

/** Adds what the limiter's hooks say to the arguments of `register` and `free`, and tells them the reply. */
function hooked(
  name: 'register' | 'free',
  command: Command,
  hooks: ReadonlyMap<string, ScriptHooks>,
): Command {
  return (...args) => {
    const callback = args.pop() as ScriptCallback;
    const hook = hooks.get(limiterOf(args[FIRST_KEY]));
    if (!hook) throw new Error('A limiter of the call window has no hooks.');
    const job = String(args[JOB]);
    if (name === 'free') {
      const { slot, holdMs } = hook.ends(job);
      const told: ScriptCallback = (error, reply) => {
        if (!error) hook.ended(job);
        callback(error, reply);
      };
      return command(...args.with(JOB, slot), holdMs, told);
    }
    const { slot, args: more } = hook.asks(job);
    const told: ScriptCallback = (error, reply) => {
      if (!error) hook.answered(job, answerOf(reply as RegisterReply));
      callback(error, reply);
    };
    return command(...args.with(JOB, slot), ...more, told);
  };
}

type RegisterReply = [granted: number | null, wait: number, reservoir: null, grants: number, why?: string];

function answerOf([granted, , , number, why = '']: RegisterReply) {
  return granted ? { grants: number } : { again_ms: number, why };
}

/** `b_<id>_settings` → id. */
function limiterOf(settingsKey: unknown): string {
  return String(settingsKey).slice('b_'.length, -'_settings'.length);
}
