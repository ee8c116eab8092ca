/** Runs the Lua scripts of src/limits/lua: by their hash, and with their text when Redis does not know it yet. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LimitsRedis } from './limit-keys.ts';

const loaded = new Map<string, { lua: string; sha: string }>();

/** The text of a script. */
export function luaOf(name: string): string {
  return scriptOf(name).lua;
}

/** @param keys the keys it may touch, all of one hash tag */
export async function runScript(
  redis: LimitsRedis,
  name: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const { lua, sha } = scriptOf(name);
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return await redis.eval(lua, keys.length, ...keys, ...args);
  }
}

function scriptOf(name: string): { lua: string; sha: string } {
  let script = loaded.get(name);
  if (!script) {
    const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
    script = { lua, sha: createHash('sha1').update(lua).digest('hex') };
    loaded.set(name, script);
  }
  return script;
}
