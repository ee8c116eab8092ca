/**
 * The page: dist/dashboard as `npm run build` has made it, under `/`. Its files need no token, for they hold no data:
 * what they show they ask of /api/v1 like everybody.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pagePolicy } from './content-policy.ts';
import { answerUnknownRoute } from './error-handler.ts';

const FOLDER = path.join(import.meta.dirname, '../../dist/dashboard');
/** As in src/dashboard/vite.config.ts. */
const NONCE_PLACE = /DAYLINE_NONCE/g;
/** Names of assets hold a hash of what is in them. */
const A_YEAR_MS = 365 * 86_400_000;
const NOT_BUILT =
  'The dashboard is not built: npm run build (npm start and npm test do it). The API is described at /docs.\n';

/** Serves the page and its files. */
export async function serveDashboard(app: FastifyInstance): Promise<void> {
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply));
  const assets = path.join(FOLDER, 'assets');
  if (!fs.existsSync(assets)) return;
  await app.register(fastifyStatic, {
    root: assets,
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    immutable: true,
    maxAge: A_YEAR_MS,
    preCompressed: true,
    schemaHide: true,
  });
}

/** For addresses that no route has: a browser gets the page, which knows its own (deep links); programs the envelope. */
export function pageOrUnknown(request: FastifyRequest, reply: FastifyReply) {
  const { method, url, headers } = request;
  const elsewhere = /^\/(api|docs|assets|health|ready|metrics)(\/|\?|$)/.test(url);
  const wantsPage = (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
  return wantsPage && !elsewhere ? sendPage(reply) : answerUnknownRoute(request, reply);
}

async function sendPage(reply: FastifyReply): Promise<FastifyReply> {
  const html = await readFile(path.join(FOLDER, 'index.html'), 'utf8').catch(() => null);
  if (html === null) return reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  const nonce = randomBytes(16).toString('base64');
  return reply
    .header('content-security-policy', pagePolicy(nonce))
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(html.replace(NONCE_PLACE, nonce));
}
