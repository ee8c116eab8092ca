/** What a call may end with, found out from the bytes alone and without any of the client's code. */
import { isUtf8 } from 'node:buffer';
import zlib from 'node:zlib';
import type { TaskErrorType } from '../../../src/errors.ts';
import type { TushareAnswer } from '../../../src/sync/context.ts';
import type { Content } from './contents.ts';
import { encode, type Transport } from './transports.ts';

/** Exactly these rows; or an error of one of these types. */
export type Verdict = { rows: TushareAnswer } | { errors: readonly TaskErrorType[] };

const BAD: readonly TaskErrorType[] = ['tushare_bad_answer'];
const CUT: readonly TaskErrorType[] = ['network', 'tushare_bad_answer'];
const NETWORK: readonly TaskErrorType[] = ['network'];
const REFUSALS: readonly TaskErrorType[] = [
  'tushare_token_invalid',
  'tushare_no_permission',
  'tushare_bad_request',
  'tushare_unknown_api',
  'tushare_banned',
  'tushare_rate_limited',
  'tushare_ip_limited',
  'tushare_server_error',
];
/** What a message must hold for its type, whatever its code. */
const BY_MESSAGE: [RegExp, TaskErrorType][] = [
  [/^抱歉，您(每分钟|每天|访问接口).*(访问该接口|频率超限)/, 'tushare_rate_limited'],
  [/^抱歉，您没有接口/, 'tushare_no_permission'],
  [/^您的token不对/, 'tushare_token_invalid'],
  [/^请指定正确的接口名/, 'tushare_unknown_api'],
  [/^您的IP数量超限/, 'tushare_ip_limited'],
  [/^必填参数/, 'tushare_bad_request'],
  [/^查询数据失败/, 'tushare_server_error'],
  [/恶意行为/, 'tushare_banned'],
];

export function verdictOf({ body }: Content, transport: Transport): Verdict {
  switch (transport.kind) {
    case 'whole': {
      const decoded = decode(encode(body, transport.sent), transport.label);
      return decoded ? ofBody(decoded) : { errors: CUT };
    }
    case 'status':
      return { errors: ofStatus(transport.status) };
    case 'cut': {
      if (transport.framing !== 'close' || transport.how === 'reset') return { errors: CUT };
      return ofBody(body.subarray(0, Math.floor(body.length * transport.at)));
    }
    case 'wrong_length':
      return transport.by > 0
        ? { errors: CUT }
        : ofBody(body.subarray(0, Math.max(0, body.length + transport.by)));
    case 'hang':
      return { errors: NETWORK };
    case 'raw':
      return { errors: CUT };
  }
}

function ofStatus(status: number): readonly TaskErrorType[] {
  if (status === 429) return ['tushare_rate_limited'];
  return status >= 500 || status === 407 || status === 408 ? NETWORK : BAD;
}

function decode(sent: Buffer, label: string): Buffer | null {
  try {
    if (label === 'identity') return sent;
    if (label === 'gzip') return zlib.gunzipSync(sent);
    if (label === 'deflate') return zlib.inflateSync(sent);
    if (label === 'br') return zlib.brotliDecompressSync(sent);
  } catch {
    // falls through: it can't be decoded
  }
  return null;
}

function ofBody(body: Buffer): Verdict {
  const envelope = isUtf8(body) ? parsed(body.toString().replace(/^\ufeff/, '')) : undefined;
  if (!isObject(envelope)) return { errors: BAD };
  const { code, data } = envelope;
  if (code === 0) {
    if (!isTable(data)) return { errors: BAD };
    return { rows: { fields: data.fields, items: data.items, has_more: data.has_more === true } };
  }
  const message = [envelope.msg, envelope.message].find((text) => typeof text === 'string' && text !== '');
  const known = BY_MESSAGE.find(([pattern]) => pattern.test(String(message ?? '')));
  if (known) return { errors: [known[1]] };
  return { errors: typeof code === 'number' && Number.isFinite(code) ? REFUSALS : [...BAD, ...REFUSALS] };
}

function isTable(data: unknown): data is TushareAnswer {
  if (!isObject(data)) return false;
  const { fields, items, has_more } = data;
  if (!Array.isArray(fields) || fields.length === 0 || !Array.isArray(items)) return false;
  if (fields.some((name) => typeof name !== 'string' || name === '')) return false;
  if (new Set(fields).size < fields.length) return false;
  if (items.some((row) => !Array.isArray(row) || row.length !== fields.length)) return false;
  if (has_more === true) return items.length > 0;
  return has_more === false || has_more === null || has_more === undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
