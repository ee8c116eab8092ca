/**
 * A process that answers every call for one day at once with a whole market: the body is text that is there already,
 * so that what is measured is never this. BENCH_STOCKS says how many rows a day has.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf } from './market.ts';

const stocks = Number(process.env.BENCH_STOCKS);
const bodies = new Map<string, Buffer>();

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.once('end', () => {
    const { params } = JSON.parse(Buffer.concat(pieces).toString());
    const day: string = params.trade_date ?? params.start_date;
    const body = bodies.get(day) ?? bodyOf(day, stocks);
    bodies.set(day, body);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('disconnect', () => process.exit());
