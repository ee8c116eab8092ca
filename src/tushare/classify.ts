/**
 * What a refusal of TuShare means: one table, the message first, the code second, because 40203 is both "slow
 * down" and "you may never call this", and 40101 both "bad token" and "no such API" (protocol notes 1.4).
 * The order of the rows matters: the first that fits decides.
 */
import type { TaskErrorType } from '../errors.ts';

export interface Verdict {
  type: TaskErrorType;
  /** Shortest wait before the call may go better, in ms, where TuShare names one. */
  retryAfterMs?: number;
  /** Too many calls in a minute: the one error that the client itself retries (R84). */
  frequency?: true;
}

interface Row {
  message: RegExp;
  verdict: (now: number) => Verdict;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Shanghai has no summer time: UTC+8 all year. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;
/** Recorded messages have at most 105 characters; a hostile one must not keep a regular expression busy. */
const READ_LENGTH = 1_000;
/** "Too many IPs" clears in some 30 to 60 minutes (protocol notes 1.4). */
const IP_LIMIT_MS = 30 * MINUTE_MS;

const always = (type: TaskErrorType, retryAfterMs?: number) => () =>
  retryAfterMs === undefined ? { type } : { type, retryAfterMs };

const TABLE: readonly Row[] = [
  {
    message: /每天最多访问|次\/[天日]/,
    verdict: (now) => ({ type: 'tushare_rate_limited', retryAfterMs: untilTomorrowMs(now) }),
  },
  { message: /每小时最多访问|次\/小时/, verdict: always('tushare_rate_limited', HOUR_MS) },
  {
    message: /频率|每分钟/,
    verdict: () => ({ type: 'tushare_rate_limited', retryAfterMs: MINUTE_MS, frequency: true }),
  },
  { message: /恶意行为|禁用/, verdict: always('tushare_banned') },
  { message: /IP数量超限/i, verdict: always('tushare_ip_limited', IP_LIMIT_MS) },
  { message: /没有.*权限|积分/, verdict: always('tushare_no_permission') },
  { message: /token/i, verdict: always('tushare_token_invalid') },
  { message: /接口名/, verdict: always('tushare_unknown_api') },
  { message: /必填参数|参数校验失败|必选其一|至少/, verdict: always('tushare_bad_request') },
  {
    message: /查询数据失败|系统内部错误|系统未知错误|服务器错误|数据库异常|Error \d{4}/,
    verdict: always('tushare_server_error'),
  },
];

/**
 * For messages nobody has recorded yet. 40203 is taken for the limit of a minute, but not retried in the client:
 * it may as well mean "never", and then each call would be wasted.
 */
const BY_CODE: Readonly<Record<number, Verdict>> = {
  2002: { type: 'tushare_no_permission' },
  40002: { type: 'tushare_bad_request' },
  40101: { type: 'tushare_token_invalid' },
  40203: { type: 'tushare_rate_limited', retryAfterMs: MINUTE_MS },
  40204: { type: 'tushare_ip_limited', retryAfterMs: IP_LIMIT_MS },
};

/**
 * Classifies an answer with code ≠ 0.
 * @param now ms since the epoch, for limits that end with the day in Shanghai
 * @returns tushare_server_error, which is retried a bounded number of times, for what is in neither table
 */
export function classify(code: number, message: string, now: number): Verdict {
  return rowOf(message)?.verdict(now) ?? BY_CODE[code] ?? { type: 'tushare_server_error' };
}

/** Whether a message alone says what happened; then the code may be anything. */
export function isKnownMessage(message: string): boolean {
  return rowOf(message) !== undefined;
}

function rowOf(message: string): Row | undefined {
  const start = message.slice(0, READ_LENGTH);
  return TABLE.find((row) => row.message.test(start));
}

function untilTomorrowMs(now: number): number {
  return DAY_MS - ((now + SHANGHAI_OFFSET_MS) % DAY_MS);
}
