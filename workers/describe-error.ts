/** Turns whatever a task threw into a result that can travel, be stored and be shown. */
import { inspect } from 'node:util';
import { TASK_ERRORS, TaskError, type TaskErrorType } from '../src/errors.ts';
import { WindowClosed } from '../src/limits/permit.ts';
import type { ThreadResult } from '../src/supervisor/line.ts';
import { DatabaseAway } from '../src/sync/database-away.ts';
import { GoesOnLater } from '../src/sync/goes-on.ts';

/** Codes of Node's sockets and DNS: the way to somewhere was cut. */
const NETWORK_CODES = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|UND_ERR)/;
/** SQLSTATE: five characters, and what `pg` throws carries one. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Causes of causes that are told; one may be its own cause. */
const CAUSES_AT_MOST = 5;

/** @param spoken bounds a text, and takes secrets and paths out of it (spoken.ts) */
export function describeError(thrown: unknown, spoken: (text: string) => string): ThreadResult {
  if (thrown instanceof WindowClosed || thrown instanceof DatabaseAway || thrown instanceof GoesOnLater) {
    return { kind: 'closed', until: thrown.until, reason: spoken(thrown.message) };
  }
  if (thrown instanceof TaskError && thrown.knownFence !== undefined) {
    return { kind: 'fenced', known_fence: thrown.knownFence, message: spoken(thrown.message) };
  }
  const error =
    thrown instanceof Error ? thrown : new Error(typeof thrown === 'string' ? thrown : inspect(thrown));
  const type = typeOf(error);
  return {
    kind: 'error',
    type,
    message: spoken(String(error.message || error.name)),
    detail: spoken(stackOf(error)),
    retryable: TASK_ERRORS[type].retryable,
    retry_after_ms: error instanceof TaskError ? (error.retryAfterMs ?? null) : null,
  };
}

function typeOf(error: Error & { code?: unknown }): TaskErrorType {
  if (error instanceof TaskError) return error.type in TASK_ERRORS ? error.type : 'internal';
  const code = typeof error.code === 'string' ? error.code : '';
  if (NETWORK_CODES.test(code)) return 'network';
  if (SQLSTATE.test(code)) return 'database';
  return 'internal';
}

function stackOf(error: Error, causesAtMost = CAUSES_AT_MOST): string {
  const stack = String(error.stack ?? error.message);
  if (causesAtMost === 0 || !(error.cause instanceof Error)) return stack;
  return `${stack}\ncaused by: ${stackOf(error.cause, causesAtMost - 1)}`;
}
