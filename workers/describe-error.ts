/** Turns whatever a task threw into a result that can travel, be stored and be shown. */
import type { Config } from '../src/config.ts';
import { TASK_ERRORS, TaskError, type TaskErrorType } from '../src/errors.ts';
import { WindowClosed } from '../src/limits/permit.ts';
import { redactor } from '../src/redact.ts';
import type { ThreadResult } from '../src/supervisor/line.ts';
import { DatabaseAway } from '../src/sync/database-away.ts';
import { GoesOnLater } from '../src/sync/goes-on.ts';

/** Codes of Node's sockets and DNS: the way to somewhere was cut. */
const NETWORK_CODES = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|UND_ERR)/;
/** SQLSTATE: five characters, and what `pg` throws carries one. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

export function describeError(thrown: unknown, config: Config): ThreadResult {
  const redact = redactor(config);
  if (thrown instanceof WindowClosed || thrown instanceof DatabaseAway || thrown instanceof GoesOnLater) {
    return { kind: 'closed', until: thrown.until, reason: redact(thrown.message) };
  }
  if (thrown instanceof TaskError && thrown.knownFence !== undefined) {
    return { kind: 'fenced', known_fence: thrown.knownFence, message: redact(thrown.message) };
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const type = typeOf(error);
  return {
    kind: 'error',
    type,
    message: redact(error.message || error.name),
    detail: redact(stackOf(error)),
    retryable: TASK_ERRORS[type].retryable,
    retry_after_ms: error instanceof TaskError ? (error.retryAfterMs ?? null) : null,
  };
}

function typeOf(error: Error & { code?: unknown }): TaskErrorType {
  if (error instanceof TaskError) return error.type;
  const code = typeof error.code === 'string' ? error.code : '';
  if (NETWORK_CODES.test(code)) return 'network';
  if (SQLSTATE.test(code)) return 'database';
  return 'internal';
}

function stackOf(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\ncaused by: ${stackOf(error.cause)}` : stack;
}
