/** Ways in which an answer may travel, well or badly; and a server that does so, byte by byte. */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import zlib from 'node:zlib';
import fc from 'fast-check';
import type { Torn } from '../../support/torn.ts';
import { TOKEN } from '../support/server.ts';

export type Encoding = 'identity' | 'gzip' | 'deflate' | 'br';

export type Transport =
  /** The whole answer; framed by its length, in chunks, or by the end of the connection. */
  | {
      kind: 'whole';
      framing: 'length' | 'chunked' | 'close';
      pieces: number;
      sent: Encoding;
      label: string;
      hints: boolean;
      after: 'keep' | 'close' | 'reset';
    }
  | { kind: 'status'; status: number }
  /** Cut off after this share of the body. */
  | { kind: 'cut'; at: number; how: 'end' | 'reset'; framing: 'length' | 'chunked' | 'close' }
  /** The length says less (negative) or more than comes. */
  | { kind: 'wrong_length'; by: number }
  /** Silence: before anything, after the headers, in the body; or a drip that never ends. */
  | { kind: 'hang'; where: 'start' | 'headers' | 'body' | 'drip' | 'continue' }
  /** No HTTP. */
  | { kind: 'raw'; bytes: string };

/** The token as far as a header can hold it. */
const SAID_TOKEN = TOKEN.replaceAll('"', '');

const framing = fc.constantFrom('length', 'chunked', 'close');
const encoding = fc.constantFrom<Encoding>('identity', 'identity', 'gzip', 'deflate', 'br');

const whole = fc
  .record({
    framing,
    pieces: fc.integer({ min: 1, max: 6 }),
    sent: encoding,
    wrongLabel: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('identity', 'gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', SAID_TOKEN),
      },
    ),
    hints: fc.boolean(),
    after: fc.constantFrom('keep', 'keep', 'keep', 'close', 'reset'),
  })
  .map(({ wrongLabel, ...made }) => ({ kind: 'whole', ...made, label: wrongLabel ?? made.sent }));

const RAW = [
  'HTTP/1.1 200 OK\r\n\r\n{"code":0,"data":{"fields":["a"],"items":[]',
  'HTTP/9.9 200 OK\r\n\r\n',
  'HTTP/1.1 abc\r\n\r\n',
  'HTTP/1.1 200 OK\nContent-Length: -5\n\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx',
  'HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999999\r\n\r\nx',
  'HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\nx',
  `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  'SSH-2.0-OpenSSH_9.2p1\r\n',
  `\x15\x03\x01\x00\x02\x02\x46`,
  `HTTP/1.1 200 ${TOKEN}\r\nContent-Length: 3\r\n\r\nabc`,
];

const STATUSES = [
  201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 407, 408, 418, 429, 500, 502, 503, 504, 599,
];

/** What takes its whole timeout is rare, so that many thousand others get their turn. */
export const transport: fc.Arbitrary<Transport> = fc.oneof(
  { weight: 60, arbitrary: whole as fc.Arbitrary<Transport> },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('status'),
      status: fc.constantFrom(...STATUSES),
    }) as fc.Arbitrary<Transport>,
  },
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant('cut'),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      how: fc.constantFrom('end', 'reset'),
      framing,
    }) as fc.Arbitrary<Transport>,
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('wrong_length'),
      by: fc.integer({ min: -300, max: 300 }),
    }) as fc.Arbitrary<Transport>,
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('hang'),
      where: fc.constantFrom('start', 'headers', 'body', 'drip', 'continue'),
    }) as fc.Arbitrary<Transport>,
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('raw'),
      bytes: fc.oneof(fc.constantFrom(...RAW), fc.string({ minLength: 1, maxLength: 60 })),
    }) as fc.Arbitrary<Transport>,
  },
);

export function encode(body: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'gzip') return zlib.gzipSync(body);
  if (encoding === 'deflate') return zlib.deflateSync(body);
  return encoding === 'br'
    ? zlib.brotliCompressSync(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })
    : body;
}

export interface Answering {
  body: Buffer;
  transport: Transport;
}

/** A server that speaks HTTP only as far as it is told to. @param find what to answer to the case of a request */
export async function hostileServer(t: Torn, find: (id: number) => Answering): Promise<string> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    let asked = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      asked = Buffer.concat([asked, chunk]);
      const request = /^POST [\s\S]*?\r\ncontent-length: (\d+)\r\n[\s\S]*?\r\n\r\n/i.exec(
        asked.toString('latin1'),
      );
      if (!request || asked.length < request[0].length + Number(request[1])) return;
      const { params } = JSON.parse(asked.subarray(request[0].length).toString());
      asked = Buffer.alloc(0);
      answer(socket, find(params.case));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(socket: Socket, { body, transport }: Answering): void {
  if (transport.kind === 'whole') sendWhole(socket, body, transport);
  else if (transport.kind === 'cut') sendPart(socket, body, transport);
  else if (transport.kind === 'hang') hang(socket, body, transport.where);
  else if (transport.kind === 'raw') socket.end(transport.bytes, 'latin1');
  else if (transport.kind === 'status')
    socket.end(`HTTP/1.1 ${transport.status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  else {
    const length = Math.max(0, body.length + transport.by);
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
    socket.end(Buffer.concat([Buffer.from(head), body]));
  }
}

function sendPart(
  socket: Socket,
  body: Buffer,
  { at, how, framing }: Extract<Transport, { kind: 'cut' }>,
): void {
  const part = body.subarray(0, Math.floor(body.length * at));
  const framed = framing === 'chunked' && part.length > 0 ? chunk(part) : part;
  const head = headers(body, framing, 'identity', true);
  socket.write(Buffer.concat([head, framed]), () =>
    how === 'end' ? socket.end() : socket.resetAndDestroy(),
  );
}

function sendWhole(socket: Socket, body: Buffer, transport: Extract<Transport, { kind: 'whole' }>): void {
  const { framing, pieces, label, hints, after } = transport;
  const encoded = encode(body, transport.sent);
  if (hints) socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
  socket.write(headers(encoded, framing, label, framing === 'close'));
  const size = Math.max(1, Math.ceil(encoded.length / pieces));
  for (let at = 0; at < encoded.length; at += size) {
    const piece = encoded.subarray(at, at + size);
    socket.write(framing === 'chunked' ? chunk(piece) : piece);
  }
  if (framing === 'chunked') socket.write('0\r\n\r\n');
  if (framing === 'close' || after === 'close') socket.end();
  else if (after === 'reset') setTimeout(() => socket.resetAndDestroy(), 1); // while it is kept alive, or in use again
}

function hang(socket: Socket, body: Buffer, where: string): void {
  if (where === 'start') return;
  if (where === 'continue') {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    return;
  }
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n');
  if (where === 'body') socket.write(body.subarray(0, body.length >> 1));
  if (where !== 'drip') return;
  const dripping = setInterval(() => socket.write(' '), 5);
  socket.once('close', () => clearInterval(dripping));
  setTimeout(() => clearInterval(dripping), 60_000).unref();
}

function headers(body: Buffer, framing: string, label: string, close: boolean): Buffer {
  const lines = ['HTTP/1.1 200 OK', 'Content-Type: application/json'];
  if (framing === 'length') lines.push(`Content-Length: ${body.length}`);
  if (framing === 'chunked') lines.push('Transfer-Encoding: chunked');
  if (label !== 'identity') lines.push(`Content-Encoding: ${label}`);
  if (close) lines.push('Connection: close');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

const chunk = (piece: Buffer) =>
  Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
