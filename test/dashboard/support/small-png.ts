/** A screenshot with 256 colours: a page is made of few, and a picture in docs/images is a third as large then. */
import zlib from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOURS = 256;
/** Squared distance in RGB under which two colours are one to the eye. */
const SHADE = 60;

/** @param png as Chromium writes it: 8 bits a channel, with or without alpha, not interlaced */
export function smallPng(png: Buffer): Buffer {
  const { width, height, channels, pixels } = decode(png);
  const counts = new Map<number, number>();
  const colourAt = (at: number) => pixels.readUIntBE(at * channels, 3);
  for (let at = 0; at < width * height; at += 1) {
    const colour = colourAt(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = distinct(byCount);
  const places = new Map(byCount.map((colour) => [colour, nearest(palette, colour)]));
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      lines[y * (width + 1) + 1 + x] = places.get(colourAt(y * width + x)) as number;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8); // 8 bits, by palette
  const colours = Buffer.concat(
    palette.map((colour) => Buffer.from(colour.toString(16).padStart(6, '0'), 'hex')),
  );
  const data = zlib.deflateSync(lines, { level: 9 });
  const parts = [
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** The commonest, without shades of one that is there: a small dot of a colour of its own keeps it. */
function distinct(byCount: number[]): number[] {
  const palette: number[] = [];
  for (const colour of byCount) {
    if (palette.length === COLOURS) break;
    if (palette.every((other) => distance(colour, other) > SHADE)) palette.push(colour);
  }
  return palette;
}

const distance = (one: number, other: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);

function nearest(palette: number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, other] of palette.entries()) {
    const far = other === colour ? 0 : distance(colour, other);
    if (far < least) [best, least] = [at, far];
    if (far === 0) break;
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(zlib.crc32(body));
  return Buffer.concat([length, body, sum]);
}

function decode(png: Buffer): { width: number; height: number; channels: number; pixels: Buffer } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = zlib.inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) unfilter(raw, pixels, y, stride, channels);
  return { width, height, channels, pixels };
}

/** One line; the five filters of PNG (RFC 2083, 6). */
function unfilter(raw: Buffer, pixels: Buffer, y: number, stride: number, channels: number): void {
  const filter = raw[y * (stride + 1)];
  for (let x = 0; x < stride; x += 1) {
    const at = y * stride + x;
    const left = x >= channels ? (pixels[at - channels] as number) : 0;
    const up = y > 0 ? (pixels[at - stride] as number) : 0;
    const corner = x >= channels && y > 0 ? (pixels[at - stride - channels] as number) : 0;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter as number] as number;
    pixels[at] = (raw[at + y + 1] as number) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs) as [
    number,
    number,
    number,
  ];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
