/**
 * Loads the Lua scripts and defines them as ioredis commands: `run.submit(...args)`. ioredis sends a script's
 * text once a connection and its hash afterwards. Every script gets the key base as its one key; all it touches
 * stands under the same hash tag, so it runs on a single Redis and on Redis Cluster alike.
 */
import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

/** Anything the queue can run on. */
export type QueueRedis = Redis | Cluster;

/** A task as read.lua returns it: params (JSON), then field, value, field, value, … */
export type RawTask = string[];

/** A claimed task as take.lua returns it. */
export type RawClaim = [
  task_id: string,
  job_type: string,
  dataset: string,
  mode: string,
  params: string,
  attempt: string,
  max_attempts: string,
  fence: number,
  time_left_ms: number,
  priority: number,
  locked: number,
];
/** First whether there is more to look at (1), then the claimed tasks. */
export type RawClaims = [more: number, ...claims: RawClaim[]];

/** One task and what is in its way, as look.lua returns it. */
export type RawLook = [
  task: RawTask,
  now: number,
  place: string,
  ahead: number,
  supervisors: number,
  draining: number,
  waits_for: string,
  unmet: number,
  blocker: string,
  blocker_type: string,
  blocker_status: string,
  blocker_deadline: number,
];

/** The supervisors as supervisors.lua returns them: flat lists, both of four. */
export type RawSupervisors = [
  now: number,
  high_since: number,
  others_since: number,
  supervisors: (string | number)[],
  running: (string | number)[],
];

/** What a write on behalf of a running task can answer; anything but `done` has changed nothing. */
export type OwnedResult = 'done' | 'unknown' | 'not_running' | 'not_owner';

interface Replies {
  submit: number[];
  claim: RawClaims;
  finish: [RawClaims, [result: OwnedResult, status: string][]];
  tick: [
    now: number,
    next_due_at: number,
    next_lease_end: number,
    queued: number,
    lost: string[],
    stops: string[],
    unaudited: number,
    draining: number,
  ];
  rest: number;
  claim_rung: [now: number, claims: RawClaims];
  reap: [next_lease_end: number, ...taken: [task_id: string, status: string, fence: string][]];
  forget: number;
  progress: OwnedResult;
  checkpoint: OwnedResult;
  time_left: number | null;
  cancel: [result: 'done' | 'unknown' | 'not_pending', status: string];
  stop: [result: 'done' | 'unknown' | 'not_running', status: string];
  retry: [result: 'done' | 'unknown' | 'not_ended' | 'retried' | 'hindered' | 'ids', told?: string | number];
  submit_execution: number;
  read_execution: [fields: string[], ...tasks: string[][]] | null;
  list_executions: [total: number, next: number, looked_at: number, ...executions: string[][]];
  stop_execution: [result: 'done' | 'unknown' | 'ended', ...told: (string | number)[]];
  retry_execution: [result: 'done' | 'unknown' | 'nothing' | 'ids', ...told: (string | number)[]];
  read: (RawTask | null)[];
  list: [total: number, next: number, looked_at: number, ...tasks: RawTask[]];
  find: [task_ids: string[], execution_ids: string[]];
  depth: number[];
  position: [place: string, ahead: number] | null;
  look: RawLook | null;
  supervisors: RawSupervisors;
  drain: number;
  wake: number;
  raise_fence: number;
  unaudited: (string | RawTask | null)[];
  audited: number;
}
type ScriptName = keyof Replies;
export type Scripts = {
  [Name in ScriptName]: (...args: (string | number)[]) => Promise<Replies[Name]>;
};

const NAMES: readonly ScriptName[] = [
  'submit',
  'claim',
  'finish',
  'tick',
  'rest',
  'claim_rung',
  'reap',
  'forget',
  'progress',
  'checkpoint',
  'time_left',
  'cancel',
  'stop',
  'retry',
  'submit_execution',
  'read_execution',
  'list_executions',
  'stop_execution',
  'retry_execution',
  'read',
  'list',
  'find',
  'depth',
  'position',
  'look',
  'supervisors',
  'drain',
  'wake',
  'raise_fence',
  'unaudited',
  'audited',
];

const INCLUDE = /^--- @include (\w+)$/gm;

/** The text of a script with its fragments in place: `--- @include x` stands for lua/shared/x.lua, once. */
function loadScript(name: string): string {
  const included = new Set<string>();
  const expand = (file: string): string =>
    readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8').replace(
      INCLUDE,
      (_line, fragment: string) => {
        if (included.has(fragment)) return '';
        included.add(fragment);
        return expand(`shared/${fragment}`);
      },
    );
  return expand(name);
}

const texts = new Map<ScriptName, string>();

/**
 * Defines the scripts on a connection and returns them as functions.
 * @param base what every key starts with, see keys.ts
 */
export function defineScripts(redis: QueueRedis, base: string): Scripts {
  const commands = redis as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>;
  const run = (name: ScriptName) => {
    const command = `dayline_${name}`;
    if (!commands[command]) {
      const lua = texts.get(name) ?? loadScript(name);
      texts.set(name, lua);
      redis.defineCommand(command, { numberOfKeys: 1, lua });
    }
    return (...args: (string | number)[]) => (commands[command] as (typeof commands)[string])(base, ...args);
  };
  return Object.fromEntries(NAMES.map((name) => [name, run(name)])) as unknown as Scripts;
}
