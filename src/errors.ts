/**
 * Every error Dayline names, in two tables: what a caller of the API can be told, and how an attempt of a
 * task can end badly. A message says what happened, to which task or unit, and what to do; it never holds a
 * token, a password or a path.
 */

/** Codes of API answers and the HTTP status each is sent with. */
export const API_ERRORS = {
  VALIDATION_FAILED: 400,
  INVALID_PARAMS: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  TASK_NOT_FOUND: 404,
  SUPERVISOR_NOT_FOUND: 404,
  UNKNOWN_DATASET: 404,
  TASK_NOT_PENDING: 409,
  TASK_NOT_RUNNING: 409,
  TASK_NOT_RETRYABLE: 409,
  // another history of the type runs (D1)
  ALREADY_RUNNING: 409,
  EXECUTION_NOT_FOUND: 404,
  EXECUTION_ENDED: 409,
  NOTHING_TO_RETRY: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  DATASET_UNAVAILABLE: 422,
  TUSHARE_TOKEN_MISSING: 422,
  PREREQUISITE_MISSING: 422,
  INTERNAL_SERVER_ERROR: 500,
  QUEUE_UNAVAILABLE: 503,
  HISTORY_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  SCHEDULES_UNAVAILABLE: 503,
} as const;
export type ApiErrorCode = keyof typeof API_ERRORS;

/** An error a caller of the API is told: code, message and the HTTP status of {@link API_ERRORS}. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return API_ERRORS[this.code];
  }
}

/**
 * How an attempt can end badly (`last_error_type`), and whether a later attempt may go better (R47).
 * The TuShare kinds follow the messages recorded in the protocol notes, classified by message before code.
 */
export const TASK_ERRORS = {
  // the caller's or the operator's to mend: never retried
  config_missing: { retryable: false },
  unknown_dataset: { retryable: false },
  invalid_params: { retryable: false },
  prerequisite_missing: { retryable: false },
  // another run of this history shows a fresh heartbeat (D1)
  already_running: { retryable: false },
  // another task of its execution failed for good or was cancelled: it never ran (D29)
  dependency_failed: { retryable: false },
  dependency_cancelled: { retryable: false },
  tushare_token_invalid: { retryable: false },
  tushare_no_permission: { retryable: false },
  tushare_bad_request: { retryable: false },
  tushare_unknown_api: { retryable: false },
  tushare_banned: { retryable: false },
  // TuShare or the way to it: may pass
  tushare_rate_limited: { retryable: true },
  tushare_ip_limited: { retryable: true },
  tushare_server_error: { retryable: true },
  tushare_bad_answer: { retryable: true },
  network: { retryable: true },
  data_rejected: { retryable: true },
  // TuShare answered, and every partition that should have rows was empty
  no_data: { retryable: false },
  // the same of an incremental run: most likely it is only late
  not_published: { retryable: true },
  database: { retryable: true },
  // the thread or the process
  timeout: { retryable: false }, // R41: past its deadline a task has failed
  thread_crashed: { retryable: true },
  out_of_memory: { retryable: false },
  result_invalid: { retryable: false },
  supervisor_lost: { retryable: true },
  fenced: { retryable: true },
  internal: { retryable: true },
} as const;
export type TaskErrorType = keyof typeof TASK_ERRORS;

/** An error that ends an attempt of a task; its type decides whether the task is retried. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly type: TaskErrorType;
  /** Shortest wait before a retry, in ms, where TuShare named one. */
  readonly retryAfterMs: number | undefined;
  /** For `fenced`: the fence that Postgres holds. */
  readonly knownFence: number | undefined;

  constructor(
    type: TaskErrorType,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number; knownFence?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
    this.knownFence = options.knownFence;
  }

  get retryable(): boolean {
    return TASK_ERRORS[this.type].retryable;
  }
}

/** A setting or a declaration has a value that can't be used. Names it and what was expected, never the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
