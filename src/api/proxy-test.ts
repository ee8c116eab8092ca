/** POST /proxy/test: whether TuShare answers, through the proxy if one is set. Web itself can't ask it: a task does. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { connectionTest } from '../datasets/connection-test.ts';
import { submitTask } from '../queue/submit.ts';
import { ok, okSchema } from './envelope.ts';
import type { ApiDeps } from './server.ts';
import { SubmittedSchema, submittedView } from './task-view.ts';

/** Answers at once with the task; its `progress_message` tells the latency, its `error_message` what is wrong. */
export function proxyTestRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = { response: { 202: okSchema(SubmittedSchema) } };
    api.post('/proxy/test', { schema }, async (_request, reply) => {
      const task = await submitTask(deps, { dataset: connectionTest.name, priority: 'high' });
      reply.status(202);
      return ok('TASK_SUBMITTED', `The test runs as task ${task.task_id}.`, submittedView(task));
    });
  };
}
