/** Reads the body of an answer: decoded, and bounded both as sent and as decoded. */
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { TaskError } from '../errors.ts';

/** Largest body that is read: five times the largest day that was seen, 11.6 MB of stk_factor_pro. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** @throws TaskError tushare_bad_answer (too large, can't be decoded) or network (cut off). */
export async function readBody(response: IncomingMessage): Promise<Buffer> {
  const decoder = decoderOf(response.headers['content-encoding']);
  try {
    return await pipeline(response, bounded, decoder, bounded, collect);
  } catch (error) {
    throw bodyError(error);
  }
}

function decoderOf(encoding: string | undefined): Transform {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case 'identity':
    case '':
      return new PassThrough();
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      throw new TaskError('tushare_bad_answer', 'an answer in an encoding that was not asked for.');
  }
}

async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new TaskError('tushare_bad_answer', `an answer of more than ${MAX_BODY_BYTES / 1024 / 1024} MB.`);
    yield chunk;
  }
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

function bodyError(error: unknown): TaskError {
  if (error instanceof TaskError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  return /^(Z_|ERR_.*BROTLI|ERR__ERROR_)/.test(code)
    ? new TaskError('tushare_bad_answer', `an answer that can't be decompressed (${code}).`)
    : new TaskError('network', `the answer was cut off (${code}).`);
}
