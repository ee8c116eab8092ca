/** GET /events: what changes in the queue, as server-sent events. */
import { PassThrough } from 'node:stream';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ApiError } from '../errors.ts';
import { throughGate } from '../queue/gate.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { type Batch, EventFeed, type Listener } from './event-feed.ts';
import type { ApiDeps } from './server.ts';

/** Listeners of one web process. */
const LISTENERS_AT_MOST = 500;
/** A comment that keeps the line open and tells the listener that it is, in ms. */
const HEARTBEAT_MS = 10_000;
/** A listener that has so many bytes unread is cut off; it comes back with Last-Event-ID. */
const UNREAD_AT_MOST = 1024 * 1024;
const RECONNECT_MS = 2000;

const Headers = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: '^\\d{1,16}-\\d{1,10}$',
      description: 'id of the last message that was read: what came after it is sent first.',
    }),
  ),
});

/**
 * `changes` names the tasks and executions that have changed, `reset` says that too much has happened to name it.
 * Answers 503 when Redis is away, also when there are more listeners than it takes.
 */
export function eventRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  const { config, redis } = deps;
  const feed = new EventFeed(config);
  return async (api) => {
    api.addHook('preClose', async () => feed.stop());
    const schema = {
      description: 'text/event-stream with the events `changes` and `reset`; a comment every 10 s.',
      produces: ['text/event-stream'],
      headers: Headers,
      response: { 200: Type.Unsafe<PassThrough>(Type.String({ description: 'The stream.' })) },
    };
    api.get('/events', { schema, exposeHeadRoute: false }, async (request, reply) => {
      if (feed.listeners >= LISTENERS_AT_MOST)
        throw new ApiError(
          'QUEUE_UNAVAILABLE',
          `${LISTENERS_AT_MOST} listen already: ask GET /tasks instead.`,
        );
      const after = request.headers['last-event-id'];
      const stream = new PassThrough();
      const send = (text: string) => {
        if (stream.writableLength + stream.readableLength > UNREAD_AT_MOST) stream.destroy();
        else if (stream.writable) stream.write(text);
      };
      const early: Batch[] = [];
      const listener: Listener = {
        deliver: (batch: Batch) => void early.push(batch),
        end: () => void stream.end(),
      };
      const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
      stream.once('close', () => {
        clearInterval(heartbeat);
        feed.leave(listener);
      });
      try {
        // it hears the feed before the past is read, so that nothing falls between
        const missed = await throughGate(config, redis, async () => {
          await feed.join(listener);
          return after === undefined ? [] : [await feed.since(redis as QueueRedis, after)];
        });
        send(`retry: ${RECONNECT_MS}\n: listening\n\n`);
        for (const batch of [...missed, ...early]) send(message(batch));
        listener.deliver = (batch) => send(message(batch));
      } catch (error) {
        stream.destroy();
        throw error;
      }
      return reply
        .type('text/event-stream; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream);
    });
  };
}

function message(batch: Batch): string {
  const data = batch.kind === 'changes' ? { events: batch.events } : {};
  return `id: ${batch.id}\nevent: ${batch.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}
