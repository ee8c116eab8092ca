/**
 * The least that a web process can do to answer for a task: no framework, no gate, no schema, one HGETALL and its JSON.
 * What it takes longer than on a machine at rest, no web process of Node's could spare.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { keyBase } from '../../src/queue/keys.ts';

const redis = new Redis(String(process.env.REDIS_URL));
const base = keyBase(process.env.REDIS_KEY_PREFIX ?? 'stock');
const server = createServer(async ({ url = '' }, response) => {
  response.end(JSON.stringify(await redis.hgetall(`${base}task:${url.split('/').at(-1)}`)));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
